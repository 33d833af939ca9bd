// Package folder receives files and folders into a folder of the user.
//
// Invariants:
//
//   - Nothing outside the target folder is created, changed or removed: each
//     step down is one safe name below an open folder, and links are neither
//     followed nor made.
//   - Nothing that was there is overwritten or removed.
//   - A final name is given only to what is whole, verified and on the disk.
//     Until then everything lies in a hidden staging folder inside the target.
//   - Whatever is interrupted at any point goes on from there: what the ledger
//     claims is on the disk, or found not to be before it is believed.
//   - No more is written than the manifest says.
//
// It stands beside package source, which is the sending side, and below
// package files, which runs transfers.
package folder
