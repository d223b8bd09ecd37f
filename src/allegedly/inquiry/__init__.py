"""The ledger and comparison together: what is new is compared with what is there, and questions are answered from both.

`compare` knows no ledger and the ledger no comparison; `stores` lays the one's stores over the other's tables, `comparing` hands
over what is new, `answers` puts together what is asked, `pages` (articles, matters, two texts), `entity` and `story` what one page shows,
`rows` and `content` say which fields all that is shown has, `phrases` puts them into words.
Inside, imports go one way: `comparing`, `content` > `pages`, `entity`, `story` > `answers` > `stores`, `rows`, `phrases`.
"""
