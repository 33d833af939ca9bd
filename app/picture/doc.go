// Package picture turns bytes that somebody else has chosen into pictures that
// can be shown, and pictures into few bytes.
//
// What it is given may be made to do harm: to fill the memory with a header
// that promises a billion pixels, to keep a processor busy for hours, or to
// crash a decoder. So the header is read first and measured against limits; the
// decoders read through a reader that ends when the time is over; and their
// panics end as errors. Nothing but pixels comes out: what a camera or a person
// has written into a file is dropped, apart from which side is up.
//
// PNG, JPEG, GIF (its first picture) and WebP can be read. All functions may
// take long and need much memory; none belongs on the goroutine of a user
// interface.
package picture
