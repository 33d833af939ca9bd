package gui

// Icons of the viewer of pictures, drawn on a canvas of 24×24.
var (
	iconBack  = shape("back", `<path d="M15.4 4.6L8 12l7.4 7.4 1.4-1.4-6-6 6-6z"/>`)
	iconForth = shape("forth", `<path d="M8.6 4.6L16 12l-7.4 7.4L7.2 18l6-6-6-6z"/>`)
	iconMinus = shape("minus", `<path d="M5 11h14v2H5z"/>`)
	iconPlus  = shape("plus", `<path d="M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z"/>`)
	iconWhole = shape("whole", `<path d="M4 4h6v2H6v4H4zM14 4h6v6h-2V6h-4zM4 14h2v4h4v2H4zM18 14h2v6h-6v-2h4z"/>`)
	iconMore  = shape("more", `<path d="M5 10.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6zM12 10.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6z`+
		`M19 10.2a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6z"/>`)
)
