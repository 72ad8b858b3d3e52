"""Pictures of what the kit knows: data in, a plotly figure or an SVG text out. Nothing here simulates or shows."""
