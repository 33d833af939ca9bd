package gui

// Icons of the input box and of what stands above it, drawn on a canvas
// of 24×24.
var (
	iconReply = shape("reply", `<path d="M10 5.2v4.1c6.6.2 10.4 3.5 11.4 9.9-2.3-3.5-5.9-5.1-11.4-5.1v4.2L2.6 11.7z"/>`)
	iconEdit  = shape("edit", `<path d="M4 16.6V20h3.4l10-10L14 6.6zM15.2 5.4l1.6-1.6a1.4 1.4 0 0 1 2 0l1.4 1.4a1.4 1.4 0 0 1 0 2l-1.6 1.6z"/>`)
	iconCheck = shape("check", `<path d="M9.3 18.6L2.9 12.2l1.7-1.7 4.7 4.7L19.4 5.1l1.7 1.7z"/>`)
	iconEmoji = shape("emoji", `<path fill-rule="evenodd" d="M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0 -20zM12 3.8a8.2 8.2 0 1 1 0 16.4a8.2 8.2 0 1 1 0 -16.4z`+
		`M8.6 8a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0 -3zM15.4 8a1.5 1.5 0 1 0 0 3a1.5 1.5 0 1 0 0 -3z"/>`+
		`<path d="M6.8 13.6h1.9a3.4 3.4 0 0 0 6.6 0h1.9a5.3 5.3 0 0 1-10.4 0z"/>`)
	iconNudge = shape("nudge", `<path d="M9 4h6a1.6 1.6 0 0 1 1.6 1.6v12.8A1.6 1.6 0 0 1 15 20H9a1.6 1.6 0 0 1-1.6-1.6V5.6A1.6 1.6 0 0 1 9 4z"/>`+
		`<path d="M4.2 7.5h1.5v9h-1.5zM18.3 7.5h1.5v9h-1.5zM1.5 9.7h1.5v4.6h-1.5zM21 9.7h1.5v4.6h-1.5z"/>`)
)
