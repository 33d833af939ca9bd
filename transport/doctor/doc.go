// Package doctor finds out why a colleague is not reached, and says it in
// plain words: one cause and one thing to do.
//
// Without an address it looks at this machine: its networks, its ports, its
// firewall, and whom it hears. With one it goes the whole way to a colleague
// step by step and, where somebody can be asked, looks at the same from the
// other end.
//
// It stands in the transport storey: it uses the network only through its
// Config and the small interface System, so that tests stage every situation,
// and knows neither window nor command line. Both show its Report as it is.
//
// What always holds:
//
//   - Everything is read-only. Firewalls are looked at, never changed, and
//     nothing needs more rights than the program has: what may not be read is
//     a note in the report, not an error.
//   - Every step has its own time limit; a failing one does not keep those
//     from running that still make sense.
//   - The verdict is decided by pure functions, Judge and JudgeMachine, from
//     what the steps found out.
//   - Whatever another person supplied is made safe before it is shown, and
//     nobody can make this machine look at an address that is neither theirs
//     nor that of somebody known here, see Responder.
//   - Nothing of a peer is believed further than the report: an answer of the
//     other end changes no address, no contact and no setting.
package doctor
