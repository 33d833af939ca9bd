// Package clipboard reads a picture that another program has put into the
// clipboard. The window toolkit knows texts only.
//
// On X11 it asks the program that owns the selection, on Windows and macOS the
// system. What comes is a PNG or JPEG that was not decoded, of at most MaxBytes;
// it is as trustworthy as the program it came from. Nothing is ever written.
package clipboard
