package app

import (
	"path/filepath"

	"feihong/app/files"
	"feihong/transport/bulk"
)

// openFiles makes what moves files. It comes before the network and before
// chat, which both need it; Bind tells it of chat.
func (n *node) openFiles(p *peers) {
	n.limiter = bulk.NewLimiter(n.profile.Current().FilesRate)
	id := n.profile.Identity
	n.files = files.New(files.Config{
		Dir:     filepath.Join(n.profile.Dir, "transfers"),
		Self:    id.PeerID(),
		Key:     id.PublicKey(),
		Sign:    id.Sign,
		Network: roads{p},
		Limiter: n.limiter,
		Logger:  n.log,
	})
}
