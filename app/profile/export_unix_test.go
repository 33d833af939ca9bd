//go:build unix

package profile

// DownloadDir reads user-dirs.dirs.
var DownloadDir = downloadDir
