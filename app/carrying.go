package app

import (
	"path/filepath"

	"feihong/app/files"
	"feihong/transport/bulk"
)

// openFiles makes what moves files. It comes before the network and before
// chat, which both need it; Bind tells it of chat.
func (n *node) openFiles(p *peers) {
	rate := n.profile.Current().FilesRate
	n.sending, n.receiving = bulk.NewLimiter(rate), bulk.NewLimiter(rate)
	id := n.profile.Identity
	n.files = files.New(files.Config{
		Dir:     filepath.Join(n.profile.Dir, "transfers"),
		Self:    id.PeerID(),
		Key:     id.PublicKey(),
		Sign:    id.Sign,
		Network: roads{p},
		Sending: n.sending, Receiving: n.receiving,
		Logger:  n.log,
		Private: n.profile.Private,
		Public:  func() []string { return []string{n.profile.FilesFolder(), n.picturesDir()} },
	})
}

// holding is all files on their way, as texts make them wait.
type holding struct{ sending, receiving *bulk.Limiter }

func (h holding) Hold() {
	h.sending.Hold()
	h.receiving.Hold()
}

func (h holding) Release() {
	h.sending.Release()
	h.receiving.Release()
}

// picturesDir is where pictures of the screen and of the clipboard are kept that
// the user has sent.
func (n *node) picturesDir() string { return filepath.Join(n.profile.Dir, "pictures") }
