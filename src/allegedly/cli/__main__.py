"""`python -m allegedly.cli`, where the command is not on the path."""

from allegedly.cli import main

if __name__ == "__main__":
    main()
