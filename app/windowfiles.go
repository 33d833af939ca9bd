//go:build !headless

package app

import (
	"context"

	"feihong/app/clipboard"
	"feihong/app/control"
	"feihong/app/filepicker"
	"feihong/app/gui"
)

// moveFor fills in how the window moves files.
func (n *node) moveFor(config *gui.Config) {
	config.Files = n.chat
	config.FileRules = windowRules{n}
	config.PickFiles, config.PickFolder = filepicker.Files, filepicker.Folder
	config.Open, config.Reveal = filepicker.Open, filepicker.Reveal
	config.ClipboardImage, config.Keep = clipboard.Image, n.keepPicture
}

// windowRules are the user's wishes for all files, as the window shows them.
type windowRules struct{ *node }

// Current implements gui.FileRulesKeeper, as does the next.
func (r windowRules) Current() gui.FileRules {
	return gui.FileRules{Folder: r.profile.FilesFolder(), Rate: r.profile.Current().FilesRate}
}

func (r windowRules) SetFileRules(ctx context.Context, wanted gui.FileRules) error {
	change := control.SettingsChange{FilesRate: &wanted.Rate}
	if wanted.Folder != r.profile.FilesFolder() { // the usual one stays the usual one
		change.FilesFolder = &wanted.Folder
	}
	return r.changeSettings(ctx, change)
}
