package gui

// iconForward is the mirror of iconReply: a message goes on to others.
var iconForward = shape("forward", `<path d="M14 5.2v4.1c-6.6.2-10.4 3.5-11.4 9.9 2.3-3.5 5.9-5.1 11.4-5.1v4.2l7.4-6.6z"/>`)
