package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"
	"github.com/spf13/cobra"

	"feihong/app/chat"
	"feihong/app/control"
)

func (c *commands) peers() *cobra.Command {
	return c.question("peers", "cli.peers", 0, func(ctx context.Context, client *control.Client, _ []string, asJSON bool) error {
		peers, err := client.Peers(ctx)
		if err != nil {
			return err
		}
		if asJSON {
			return printLines(c, peers)
		}
		return c.printPeers(peers)
	})
}

func (c *commands) printPeers(peers []control.Peer) error {
	var rows [][]string
	for _, p := range peers {
		rows = append(rows, []string{
			or(shortID(p.ID), "-"), p.Name, c.presence(p), or(p.Department, "-"), or(p.Address, "-"), c.trust(p), c.via(p.Via),
		})
	}
	return printTable(c.Out, "", rows)
}

// presence is the status of somebody, with their own words for it, or when
// they were here last.
func (c *commands) presence(p control.Peer) string {
	status := c.statusWord(p.Status)
	switch {
	case p.StatusText != "":
		return c.text.Text("cli.peers.status-text", map[string]any{"status": status, "text": p.StatusText})
	case p.Status == string(chat.StatusOffline) && p.LastSeen != nil:
		when := p.LastSeen.Local().Format("2006-01-02 15:04")
		return c.text.Text("cli.peers.last-seen", map[string]any{"status": status, "time": when})
	}
	return status
}

// statusWord names a status; one of a later version as it is.
func (c *commands) statusWord(status string) string { return c.word("cli.status-word.", status) }

// via says how somebody was found.
func (c *commands) via(via string) string {
	if via == "" {
		return "-"
	}
	return c.word("cli.via.", via)
}

// word translates one word out of a family; an unknown one is left as it is.
func (c *commands) word(family, word string) string {
	key := family + word
	if text := c.t(key); text != key {
		return text
	}
	return word
}

func (c *commands) trust(p control.Peer) string {
	switch {
	case p.Blocked:
		return c.t("cli.peers.blocked")
	case p.Namesake:
		return c.t("cli.peers.namesake")
	case p.Verified:
		return c.t("cli.peers.verified")
	}
	return "-"
}

// printCandidates lists the people who may have been meant, with what tells
// them apart: so much of the ID as does.
func (c *commands) printCandidates(people []control.Person) {
	shorts := make(map[string]int)
	for _, p := range people {
		shorts[shortID(p.ID)]++
	}
	var rows [][]string
	for _, p := range people {
		id := shortID(p.ID)
		if shorts[id] > 1 {
			id = p.ID
		}
		rows = append(rows, []string{or(id, "-"), p.Name, p.Address})
	}
	_ = printTable(c.Err, "  ", rows) // nowhere else to complain
}

// shortID is the first group of an ID, which is enough to name somebody by.
func shortID(id string) string {
	short, _, _ := strings.Cut(id, "-")
	return short
}

// printTable aligns columns; a Chinese character is two columns wide.
func printTable(out io.Writer, indent string, rows [][]string) error {
	widths := make(map[int]int)
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		line.WriteString(indent)
		for i, cell := range row {
			line.WriteString(pad(cell, widths[i]+2))
		}
		if _, err := fmt.Fprintln(out, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// pad fills a text up with spaces to a width on the screen.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(width-uniseg.StringWidth(text), 0))
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
