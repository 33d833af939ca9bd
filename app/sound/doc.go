// Package sound plays the program's own short sounds. They are computed, not
// recorded: a few struck tones, each with overtones that fade.
//
// A sound is played by what the system has for it, in the background, one at a
// time; where there is nothing, it is silent, which is no error. Nothing that
// comes from others is ever played.
package sound
