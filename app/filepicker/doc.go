// Package filepicker asks the user for files and folders in the dialogs of the
// system, and opens what arrived with the programs of the system. It knows
// neither the window nor anything else of the program.
//
// Invariants:
//
//   - A path is never read by a shell and never taken for an option: paths are
//     absolute, and handed over as arguments of their own.
//   - Nothing is opened unless the user asked for it; whether something may be
//     opened at all, the caller asks the user before.
//   - What is opened outlives the program.
package filepicker
