package gui

// Icons of the tools for pictures of the screen, drawn on a canvas of 24×24.
var (
	iconScreen = shape("screen", `<path fill-rule="evenodd" d="M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-6v2h3v1.6H7V20h3v-2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z`+
		`M4 6v10h16V6zM7 8h4v1.6H8.6V12H7zM17 14h-4v-1.6h2.4V10H17z"/>`)
	iconRegion = shape("region", `<path d="M7 2h2v13h13v2H9zM7 7v10h10v5h-2v-5H7V9H2V7zM11 7h6v6h-2V9h-4z"/>`)
	iconArrow  = shape("arrow", `<path d="M10 4h10v10h-2V7.4L5.4 20 4 18.6 16.6 6H10z"/>`)
	iconBox    = shape("box", `<path fill-rule="evenodd" d="M3 5h18v14H3zM5 7v10h14V7z"/>`)
	iconBlur   = shape("blur", `<path d="M4 4h5v5H4zM14 4h5v5h-5zM9 9h5v5H9zM4 14h5v5H4zM14 14h5v5h-5z"/>`)
	iconLetter = shape("letter", `<path d="M5 4h14v4h-2V6h-4v12h2.5v2h-7v-2H11V6H7v2H5z"/>`)
	iconUndo   = shape("undo", `<path d="M8.5 4L10 5.4 6.9 8.5H14a6 6 0 0 1 0 12H8v-2h6a4 4 0 0 0 0-8H6.9l3.1 3.1L8.5 15 3 9.5z"/>`)
	iconTick   = shape("tick", `<path d="M20 6.4L9.4 17 4 11.6l1.5-1.4 3.9 3.9L18.5 5z"/>`)
)
