package app

import (
	"runtime"
	"runtime/debug"

	"feihong/app/cli"
)

// Set by the linker: scripts/run gives the commit it builds.
var (
	release = "0.1.0"
	commit  = ""
)

func version() cli.Version {
	v := cli.Version{Feihong: release, Commit: commit, Go: runtime.Version(), Fyne: "none (headless)"}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && v.Commit == "" {
			v.Commit = setting.Value
		}
	}
	for _, module := range info.Deps {
		if module.Path == "fyne.io/fyne/v2" && !headless {
			v.Fyne = module.Version
		}
	}
	if v.Commit == "" {
		v.Commit = "unknown"
	}
	return v
}
