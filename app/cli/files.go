package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"feihong/app/chat"
	"feihong/app/control"
)

// files is everything about files and folders.
func (c *commands) files() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "files",
		Short: c.t("cli.files"),
		Long:  c.t("cli.files.long"),
		Args:  c.noWords,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		c.filesSend(), c.filesList(), c.filesAccept(),
		c.filesChange("reject", "cli.files.reject"), c.filesChange("pause", "cli.files.pause"),
		c.filesChange("cancel", "cli.files.cancel"), c.filesGoOn("resume", "cli.files.resume"),
		c.filesGoOn("again", "cli.files.again"),
		c.filesAuto(), c.filesLimit(), c.filesFolder(), c.filesReceipt(),
	)
	return cmd
}

// listedTransfers is how many of those that are over are listed unless all are
// asked for.
const listedTransfers = 100

func (c *commands) filesList() *cobra.Command {
	var all bool
	query := control.TransfersQuery{}
	cmd := c.question("list", "cli.files.list", 0, func(ctx context.Context, client *control.Client, _ []string, asJSON bool) error {
		if !all {
			query.Limit = listedTransfers
		}
		transfers, err := client.Transfers(ctx, query)
		if err != nil {
			return err
		}
		if asJSON {
			return printLines(c, transfers)
		}
		return c.printTransfers(c.Out, "", transfers)
	})
	cmd.Flags().BoolVar(&all, "all", false, c.text.Text("cli.files.list.all", map[string]any{"count": listedTransfers}))
	cmd.Flags().BoolVar(&query.Open, "open", false, c.t("cli.files.list.open"))
	cmd.Flags().StringVar(&query.Peer, "with", "", c.t("cli.files.list.with"))
	return cmd
}

func (c *commands) printTransfers(out io.Writer, indent string, transfers []control.Transfer) error {
	shorts := make(map[string]map[string]bool) // the IDs that end so
	for _, t := range transfers {
		short := shortTransferID(t.ID)
		if shorts[short] == nil {
			shorts[short] = make(map[string]bool)
		}
		shorts[short][t.ID] = true
	}
	var rows [][]string
	for _, t := range transfers {
		id := shortTransferID(t.ID)
		if len(shorts[id]) > 1 {
			id = t.ID
		}
		rate := "-"
		if t.State == string(chat.TransferRunning) {
			rate = formatSize(t.Rate) + "/s"
		}
		rows = append(rows, []string{
			id, c.word("cli.files.direction.", t.Direction), t.Name, c.transferState(t), or(c.namesOf(t), "-"),
			formatSize(t.Size), strings.TrimSpace(percent(t)), rate, or(t.Path, "-"),
		})
	}
	return printTable(out, indent, rows)
}

// shortTransferID is the end of an ID, which is enough to name a transfer by.
// The beginning is a time.
func shortTransferID(id string) string { return id[max(len(id)-8, 0):] }

// namesOf lists what was offered, with how much was left out.
func (c *commands) namesOf(t control.Transfer) string {
	const most = 3
	shown := t.Names[:min(len(t.Names), most)]
	text := strings.Join(shown, ", ")
	if more := t.MoreNames + len(t.Names) - len(shown); more > 0 {
		text += " " + c.text.Text("cli.files.and-more", map[string]any{"count": more})
	}
	return text
}

// checkID refuses what cannot be the ID of a transfer.
func (c *commands) checkID(id string) error {
	if id != "" && strings.Trim(strings.ToLower(id), "0123456789abcdef-") == "" {
		return nil
	}
	return c.misuse("cli.misuse.transfer", map[string]any{"value": id})
}

// onTransfer makes a command that does something with one transfer.
func (c *commands) onTransfer(use, short string, do func(context.Context, *control.Client, string, bool) error) *cobra.Command {
	cmd := c.question(use, short, 1, func(ctx context.Context, client *control.Client, args []string, asJSON bool) error {
		return do(ctx, client, args[0], asJSON)
	})
	one := cmd.Args
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := one(cmd, args); err != nil {
			return err
		}
		return c.checkID(args[0])
	}
	return cmd
}

// filesChange makes a command after which a transfer does not go on.
func (c *commands) filesChange(what, short string) *cobra.Command {
	return c.onTransfer(what+" ID", short, func(ctx context.Context, client *control.Client, id string, asJSON bool) error {
		t, err := client.ChangeTransfer(ctx, id, what)
		if err != nil {
			return err
		}
		return c.printTransfer(t, asJSON)
	})
}

// filesGoOn makes a command after which a transfer goes on.
func (c *commands) filesGoOn(what, short string) *cobra.Command {
	var wait waitFlag
	cmd := c.onTransfer(what+" ID", short, func(ctx context.Context, client *control.Client, id string, asJSON bool) error {
		t, err := client.ChangeTransfer(ctx, id, what)
		if err != nil {
			return err
		}
		return c.goOn(ctx, client, t, wait, asJSON)
	})
	c.waits(cmd, &wait)
	return cmd
}

func (c *commands) filesAccept() *cobra.Command {
	var wait waitFlag
	var to string
	cmd := c.onTransfer("accept ID", "cli.files.accept", func(ctx context.Context, client *control.Client, id string, asJSON bool) error {
		t, err := client.Accept(ctx, id, to)
		if err != nil {
			return err
		}
		return c.goOn(ctx, client, t, wait, asJSON)
	})
	cmd.PreRunE = func(cmd *cobra.Command, _ []string) error {
		if !cmd.Flags().Changed("to") {
			return nil
		}
		var err error
		to, err = c.folder(to)
		return err
	}
	cmd.Flags().StringVar(&to, "to", "", c.t("cli.files.accept.to"))
	c.waits(cmd, &wait)
	return cmd
}

// goOn tells of a transfer that goes on, or waits until it is over.
func (c *commands) goOn(ctx context.Context, client *control.Client, t control.Transfer, wait waitFlag, asJSON bool) error {
	if wait.given && !t.Over() {
		f, err := c.follower(ctx, client, asJSON)
		if err != nil {
			return err
		}
		return f.follow(ctx, client, t, wait)
	}
	if err := c.printTransfer(t, asJSON); err != nil || t.Over() {
		return err
	}
	alone, err := runsAlone(ctx, client)
	if alone {
		c.complain(c.t("cli.files.next-start"))
	}
	return err
}

// runsAlone says that the profile ends with this command.
func runsAlone(ctx context.Context, client *control.Client) (bool, error) {
	self, err := client.ID(ctx)
	return err == nil && self.Control == "", err
}

func (c *commands) printTransfer(t control.Transfer, asJSON bool) error {
	if asJSON {
		return c.printJSON(t)
	}
	_, err := fmt.Fprintf(c.Out, "%s  %s  %s\n", shortTransferID(t.ID), c.transferState(t), c.namesOf(t))
	return err
}

// filesAuto says what is accepted from somebody without asking.
func (c *commands) filesAuto() *cobra.Command {
	var limit int64
	cmd := c.question("auto WHO on|off|SIZE", "cli.files.auto", 2, func(ctx context.Context, client *control.Client, args []string, asJSON bool) error {
		peer, err := client.ChangePeer(ctx, control.PeerChange{Who: args[0], AutoAccept: &limit})
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(peer)
		}
		_, err = fmt.Fprintln(c.Out, c.autoAccepted(peer))
		return err
	})
	cmd.Long = c.t("cli.files.auto.long")
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := c.words(2, 3)(cmd, args); err != nil { // 100 MB are two words
			return err
		}
		var ok bool
		if limit, ok = parseLimit(strings.Join(args[1:], " "), map[string]int64{"on": -1, "off": 0}, parseSize); !ok {
			return c.misuse("cli.misuse.auto", map[string]any{"value": strings.Join(args[1:], " ")})
		}
		return nil
	}
	return cmd
}

// parseLimit reads one of some words, or a number.
func parseLimit(text string, words map[string]int64, number func(string) (int64, bool)) (int64, bool) {
	if limit, ok := words[text]; ok {
		return limit, true
	}
	return number(text)
}

func (c *commands) autoAccepted(peer control.Peer) string {
	args := map[string]any{"name": peer.Name, "size": formatSize(peer.AutoAccept)}
	switch {
	case peer.AutoAccept < 0:
		return c.text.Text("cli.files.auto-all", args)
	case peer.AutoAccept == 0:
		return c.text.Text("cli.files.auto-none", args)
	}
	return c.text.Text("cli.files.auto-up-to", args)
}

// filesLimit shows or changes how fast files travel.
func (c *commands) filesLimit() *cobra.Command {
	var change control.SettingsChange
	cmd := c.filesSetting("limit [RATE|off]", "cli.files.limit", &change, func(s control.Settings) string {
		if s.FilesRate == 0 {
			return c.t("cli.files.no-limit")
		}
		return formatSize(s.FilesRate) + "/s"
	})
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := c.words(0, 2)(cmd, args); err != nil || len(args) == 0 { // 10 MB/s are two words
			return err
		}
		text := strings.Join(args, " ")
		rate, ok := parseLimit(text, map[string]int64{"off": 0}, parseRate)
		if !ok {
			return c.misuse("cli.misuse.rate", map[string]any{"value": text})
		}
		change.FilesRate = &rate
		return nil
	}
	return cmd
}

// filesFolder shows or changes where received files go.
func (c *commands) filesFolder() *cobra.Command {
	var change control.SettingsChange
	var usual bool
	cmd := c.filesSetting("folder [DIR]", "cli.files.folder", &change, func(s control.Settings) string { return or(s.FilesInto, s.FilesFolder) })
	cmd.Args = c.words(0, 1)
	cmd.PreRunE = func(_ *cobra.Command, args []string) error {
		switch {
		case usual && len(args) > 0:
			return c.misuse("cli.misuse.folder-default", nil)
		case usual:
			change.FilesFolder = new(string)
		case len(args) > 0:
			folder, err := c.folder(args[0])
			change.FilesFolder = &folder
			return err
		}
		return nil
	}
	cmd.Flags().BoolVar(&usual, "default", false, c.t("cli.files.folder.default"))
	return cmd
}

// filesSetting makes a command that shows a setting, after a change if there is
// one.
func (c *commands) filesSetting(use, short string, change *control.SettingsChange, shown func(control.Settings) string) *cobra.Command {
	return c.question(use, short, 0, func(ctx context.Context, client *control.Client, _ []string, asJSON bool) error {
		settings, err := c.settings(ctx, client, *change)
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(settings)
		}
		_, err = fmt.Fprintln(c.Out, shown(settings))
		return err
	})
}

// waits adds the flag --wait[=TIME].
func (c *commands) waits(cmd *cobra.Command, wait *waitFlag) {
	cmd.Flags().Var(wait, "wait", c.t("cli.files.wait"))
	cmd.Flags().Lookup("wait").NoOptDefVal = waitForever
}

// hopeless tells whether it is no use to wait for a transfer to begin: these are the
// reasons why nobody can be reached that do not pass by themselves.
func hopeless(problem *control.Error) bool {
	lasting := []control.Code{control.CodeForeign, control.CodeWrongPeer, control.CodeRefused, control.CodeVersion, control.CodeSelf}
	return problem != nil && slices.Contains(lasting, problem.Code)
}
