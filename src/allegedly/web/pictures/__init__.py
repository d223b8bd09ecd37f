"""Pictures, drawn on the server as SVG from rows: over time, who acts on whom, agreement of outlets, places.

`routes` has their pages, `figures` makes a figure of rows (also for other pages, with the macro `figure` of templates/picture_macros.html),
`lanes`, `graph`, `matrix` and `world` draw, `force` places a network's nodes, `land` has coastlines, `marks` what all draw with.
Every mark says in words what it stands for, with voice, polarity and status, and can be focused and followed; colours and patterns are
classes in static/pictures.css. The same input gives the same bytes.
"""
