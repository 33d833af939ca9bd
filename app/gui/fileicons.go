package gui

// Icons of files and of what can be done about them, drawn on a canvas of
// 24×24.
var (
	iconFile = shape("file", `<path fill-rule="evenodd" d="M6 2h8l6 6v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2z`+
		`M13 3.8V9h5.2zM8 12.2h8v1.6H8zM8 16.2h6v1.6H8z"/>`)
	iconFolder = shape("folder", `<path d="M4 4h5.2l2 2.2H20a2 2 0 0 1 2 2V18a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z"/>`)
	iconFiles  = shape("files", `<path d="M8 1.5h6.6l5.4 5.4v9.6a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2v-13a2 2 0 0 1 2-2z"/>`+
		`<path d="M2.5 7h1.8v12a1.7 1.7 0 0 0 1.7 1.7h9.5v1.8H5.5a3 3 0 0 1-3-3z"/>`)
	iconAttach = shape("attach", `<path d="M16.5 6v11.2a4.2 4.2 0 0 1-8.4 0V5.2a2.8 2.8 0 0 1 5.6 0v10.6a1.4 1.4 0 0 1-2.8 0V6H9.3v9.8`+
		`a3 3 0 0 0 6 0V5.2a4.4 4.4 0 0 0-8.8 0v12a5.8 5.8 0 0 0 11.6 0V6z"/>`)
	iconPicture = shape("picture", `<path fill-rule="evenodd" d="M5 4h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z`+
		`M5 6v9.2l4-4.2 4 4.4 2.2-2.2 3.8 3.8V6zM15.5 7.5a1.8 1.8 0 1 0 0 3.6a1.8 1.8 0 1 0 0-3.6z"/>`)
	iconPause   = shape("pause", `<path d="M7.5 6h3v12h-3zM13.5 6h3v12h-3z"/>`)
	iconResume  = shape("resume", `<path d="M8.5 5.6L18 12l-9.5 6.4z"/>`)
	iconCross   = shape("cross", `<path d="M6.9 5.7L12 10.8l5.1-5.1 1.2 1.2-5.1 5.1 5.1 5.1-1.2 1.2-5.1-5.1-5.1 5.1-1.2-1.2 5.1-5.1-5.1-5.1z"/>`)
	iconWarning = shape("warning", `<path fill-rule="evenodd" d="M12 2.6L23 21.4H1zM11 9.5v6h2v-6zM11 17v2h2v-2z"/>`)
	iconDone    = shape("done", `<path fill-rule="evenodd" d="M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0 -20zM16.6 8l1.4 1.4-7.3 7.3-4.5-4.5 1.4-1.4 3.1 3.1z"/>`)
	iconTrouble = shape("trouble", `<path fill-rule="evenodd" d="M12 2a10 10 0 1 0 0 20a10 10 0 1 0 0 -20zM11 6.5h2v7h-2zM11 15.5h2v2h-2z"/>`)
)
