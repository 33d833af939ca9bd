package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"

	"feihong/app/chat"
	"feihong/app/cli"
	"feihong/app/control"
	"feihong/app/files"
	"feihong/app/files/folder"
	"feihong/app/profile"
	"feihong/app/store"
	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/bulk"
	"feihong/transport/doctor"
)

// mode is in what way a profile runs.
type mode struct {
	passive    bool   // for one command: no listener, no control socket, dials only on demand
	showWindow func() // nil without a window
}

// node is one profile at work, with everything plugged together.
type node struct {
	profile      *profile.Profile
	store        *store.Store
	net          *transport.Node
	chat         *chat.Service
	files        *files.Engine
	sending      *bulk.Limiter // of all files together
	receiving    *bulk.Limiter
	doctor       *doctor.Doctor
	consultation *doctor.Consultation
	server       *control.Server // nil if passive
	handler      http.Handler
	socket       string
	notice       string
	listen       string // the IP address listened on; "" for all
	passive      bool   // open for one command only
	log          *slog.Logger
	colleagues
}

// open takes a profile and opens its parts, in the order in which they depend
// on each other. On failure what was opened is closed.
func open(ctx context.Context, at profile.Location, o cli.Options, m mode) (n *node, err error) {
	n = &node{log: logger(o), listen: o.Listen, passive: m.passive}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
			n = nil
		}
	}()
	if n.profile, err = profile.Open(at); err != nil {
		return
	}
	if n.profile.Identity.Exposed() {
		n.tell(o, "identity.exposed", map[string]any{"dir": at.Dir})
	}
	if err = n.settle(o); err != nil {
		return
	}
	if err = n.openStore(o); err != nil {
		return
	}
	if err = n.openNetwork(ctx, o, m); err != nil {
		return
	}
	err = n.openControl(m)
	return
}

// settle takes over the settings given as flags, and keeps them. Who gives a
// name need not be asked for it.
func (n *node) settle(o cli.Options) error {
	now, given := n.profile.Current(), protocol.SafeName(o.Name)
	name, welcomed := cmp.Or(given, now.Name), now.Welcomed || given != ""
	if !n.profile.Created && name == now.Name && welcomed == now.Welcomed {
		return nil
	}
	return n.profile.Update(func(s *profile.Settings) { s.Name, s.Welcomed = name, welcomed })
}

func (n *node) openStore(o cli.Options) error {
	var err error
	var report store.Report
	n.store, report, err = store.Open(n.profile.Database(), store.Logger(n.log))
	if err != nil {
		return err
	}
	if report.Created {
		n.keepLoose()
	}
	if key, args := report.UserText(); key != "" {
		n.tell(o, key, args)
	}
	return nil
}

// tell adds to what the user should know about the start.
func (n *node) tell(o cli.Options, key string, args map[string]any) {
	text := o.Catalog.Text(key, args)
	fmt.Fprintln(o.Stderr, "feihong:", text)
	if n.notice != "" {
		n.notice += "\n"
	}
	n.notice += text
}

func (n *node) openNetwork(ctx context.Context, o cli.Options, m mode) error {
	peers := &peers{}
	n.openFiles(peers)
	port := o.Port
	if port < 0 {
		port = n.profile.Current().Port
	}
	var err error
	n.net, err = transport.New(transport.Config{
		Identity: n.profile.Identity,
		Name:     func() string { return n.profile.Current().Name },
		Program:  "feihong " + version().Feihong,
		Listen:   o.Listen,
		Port:     port,
		NoListen: m.passive,
		Admit:    admission(peers.Admit),
		Handler:  peers,
		Files:    n.files.Incoming,
		Logger:   n.log,
	})
	if err != nil {
		return err
	}
	peers.node = n.net
	peers.chat, err = chat.New(ctx, chat.Config{
		Self:          n.profile.Identity.PeerID(),
		Store:         n.store,
		Network:       peers,
		Carrier:       n.files,
		Traffic:       holding{n.sending, n.receiving},
		ReceiveFolder: n.profile.FilesFolder,
		Executable:    folder.Executable,
		Logger:        n.log,
		Passive:       m.passive,
	})
	if err != nil {
		return err
	}
	n.chat = peers.chat
	n.chat.SetPolicy(policyOf(n.profile.Current()))
	if err := n.chat.SetOwnPicture(n.profile.Picture()); err != nil {
		return err
	}
	n.files.Bind(n.chat)
	if err := n.openDiscovery(o, m); err != nil {
		return err
	}
	n.openConsultation()
	n.openDoctor(port != 0)
	peers.discovery, peers.consultation = n.discovery, n.consultation
	return nil
}

func (n *node) openControl(m mode) error {
	config := control.Config{
		Chat:           n.chat,
		Self:           n.self,
		CheckAddress:   n.checkAddress,
		ShowWindow:     m.showWindow,
		Settings:       n.settings,
		ChangeSettings: n.changeSettings,
		Doctor:         n.doctor.ExaminePerson,
		Files:          newOffers(n.chat),
		Listing:        n.files.Listing,
	}
	if n.discovery != nil {
		config.Locate = n.locateHost
	}
	if n.discovery != nil && !m.passive { // a search takes longer than one command
		config.Search = n.search
	}
	n.handler = control.Handler(config)
	if m.passive {
		return nil
	}
	var err error
	if n.socket, err = n.profile.PrepareSocket(); err != nil {
		return err
	}
	n.server, err = control.Listen(n.socket)
	return err
}

// self is the profile as the control interface shows it.
func (n *node) self() control.Identity {
	id := control.Identity{
		ID:        n.profile.Identity.PeerID().String(),
		Name:      n.profile.Current().Name,
		Profile:   n.profile.Name,
		Port:      n.net.Port(),
		Addresses: n.net.Addresses(),
		Control:   n.socket,
		Notice:    n.notice,
	}
	if id.Addresses == nil {
		id.Addresses = []string{}
	}
	return id
}

// run serves the profile while user works with it, until ctx ends, user
// returns, or a part fails. Everything is closed when it returns.
func (n *node) run(ctx context.Context, user func(context.Context, *control.Client) error) error {
	inner := newCrew(context.WithoutCancel(ctx)) // chat, which the outer ones need to the last
	outer := newCrew(ctx)
	defer context.AfterFunc(inner.ctx, outer.end)()
	inner.start(n.chat.Serve)
	outer.start(n.net.Serve)
	outer.start(n.files.Serve)
	outer.start(n.consultation.Serve)
	n.startColleagues(outer)
	if !n.passive {
		outer.start(n.tidyPictures)
	}
	if n.server != nil {
		outer.start(func(ctx context.Context) error { return n.server.Serve(ctx, n.handler) })
	}
	outer.start(func(ctx context.Context) error {
		defer outer.end()
		err := user(ctx, control.Local(n.handler))
		if !n.passive && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return nil // to end is what a profile at work is told to; a command did not come to its end
		}
		return err
	})
	err := outer.wait()
	inner.end()
	return errors.Join(err, inner.wait(), n.close())
}

// close gives back what is open, last opened first.
func (n *node) close() error {
	var errs []error
	if n.server != nil {
		_ = n.server.Close() // closed already after Serve
	}
	if n.net != nil {
		n.net.Close()
	}
	if n.store != nil {
		errs = append(errs, n.store.Close())
	}
	if n.profile != nil {
		errs = append(errs, n.profile.Close())
	}
	return errors.Join(errs...)
}

// crew is a group of services that end together: when one fails, all do.
type crew struct {
	ctx   context.Context
	end   context.CancelFunc
	tasks sync.WaitGroup
	once  sync.Once
	err   error
}

func newCrew(parent context.Context) *crew {
	ctx, cancel := context.WithCancel(parent)
	return &crew{ctx: ctx, end: cancel}
}

func (c *crew) start(serve func(context.Context) error) {
	c.tasks.Go(func() {
		if err := serve(c.ctx); err != nil {
			c.once.Do(func() { c.err = err })
			c.end()
		}
	})
}

func (c *crew) wait() error {
	c.tasks.Wait()
	c.end()
	return c.err
}
