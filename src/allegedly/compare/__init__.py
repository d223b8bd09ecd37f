"""Readings set side by side: whether statements say the same or deny one another, and what articles share.

`propositions` turns a reading's statements into claims and decides about two of them; its neighbours group, date and count.
Nothing here touches the ledger: what is compared is handed over as records (`compared.py`).
"""
