//go:build !headless

package app

import (
	"context"
	"io"
	"slices"
	"time"

	"feihong/app/chat"
	"feihong/app/export"
	"feihong/app/gui"
	"feihong/assets/translations"
)

// exportFor gives the window what writes conversations to files. The user has
// confirmed in the dialog that a file may be replaced.
func (n *node) exportFor(config *gui.Config) {
	began, first := n.profile.Current().Language, config.Catalog
	words := func() *translations.Catalog {
		if now := n.profile.Current().Language; now != began {
			return translations.New(now)
		}
		return first
	}
	config.Export = func(ctx context.Context, id chat.ContactID, path string) error {
		form, err := export.FormOf(path)
		if err != nil {
			return err
		}
		contact, err := n.contact(ctx, id)
		if err != nil {
			return err
		}
		return export.File(path, true, func(to io.Writer) error {
			return export.Write(ctx, to, form, n.chat, export.Conversation{
				With: contact, Self: n.profile.Current().Name, SelfID: n.profile.Identity.PeerID().String(),
				Now: time.Now(), Words: words(),
			})
		})
	}
}

func (n *node) contact(ctx context.Context, id chat.ContactID) (chat.Contact, error) {
	people, err := n.chat.People(ctx)
	if err != nil {
		return chat.Contact{}, err
	}
	i := slices.IndexFunc(people, func(s chat.Summary) bool { return s.ID == id })
	if i < 0 {
		return chat.Contact{}, chat.ErrNoContact
	}
	return people[i].Contact, nil
}
