package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"feihong/app/control"
	"feihong/app/profile"
)

// status shows what colleagues see of the user, or changes it.
func (c *commands) status() *cobra.Command {
	var text, department string
	var idle int
	var cmd *cobra.Command
	cmd = c.question("status [online|away|busy|invisible]", "cli.status", 0, func(ctx context.Context, client *control.Client, args []string, asJSON bool) error {
		var change control.SettingsChange
		if len(args) > 0 {
			change.Status = &args[0]
		}
		given := func(flag string) bool { return cmd.Flags().Changed(flag) }
		if given("text") {
			change.StatusText = &text
		}
		if given("department") {
			change.Department = &department
		}
		if given("idle") {
			change.IdleMinutes = &idle
		}
		settings, err := c.settings(ctx, client, change)
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(settings)
		}
		return c.printStatus(settings)
	})
	cmd.Args = c.statusWords
	cmd.Flags().StringVar(&text, "text", "", c.t("cli.status.text"))
	cmd.Flags().StringVar(&department, "department", "", c.t("cli.status.department"))
	cmd.Flags().IntVar(&idle, "idle", 0, c.t("cli.status.idle"))
	return cmd
}

// settings asks what the user chose, after a change if there is one.
func (c *commands) settings(ctx context.Context, client *control.Client, change control.SettingsChange) (control.Settings, error) {
	if change == (control.SettingsChange{}) {
		return client.Settings(ctx)
	}
	return client.ChangeSettings(ctx, change)
}

// statusWords allows one status behind the command.
func (c *commands) statusWords(cmd *cobra.Command, args []string) error {
	statuses := []string{profile.StatusOnline, profile.StatusAway, profile.StatusBusy, profile.StatusInvisible}
	if len(args) > 0 && !slices.Contains(statuses, args[0]) {
		return c.misuse("cli.misuse.status", map[string]any{"value": args[0]})
	}
	return c.words(0, 1)(cmd, args)
}

func (c *commands) printStatus(s control.Settings) error {
	idle := c.t("cli.status.never")
	if s.IdleMinutes > 0 {
		idle = c.text.Text("cli.status.minutes", map[string]any{"count": s.IdleMinutes})
	}
	rows := [][]string{
		{c.t("cli.status.name-is"), s.Name},
		{c.t("cli.status.status-is"), c.statusWord(s.Status)},
		{c.t("cli.status.text-is"), or(s.StatusText, "-")},
		{c.t("cli.status.department-is"), or(s.Department, "-")},
		{c.t("cli.status.idle-is"), idle},
	}
	if shown := c.shown(s); shown != "" {
		rows = append(rows, []string{c.t("cli.status.shown-is"), shown})
	}
	return printTable(c.Out, "", rows)
}

// shown says what others see, if that is not what the user chose.
func (c *commands) shown(s control.Settings) string {
	switch {
	case s.Discovery == profile.DiscoveryOff:
		return c.t("cli.status.untold")
	case s.Shown == s.Status, s.Shown == "", s.Shown == "offline" && s.Status == profile.StatusInvisible:
		return ""
	}
	return c.statusWord(s.Shown)
}

// ranges shows or changes where colleagues are looked for beyond the own
// network.
func (c *commands) ranges() *cobra.Command {
	none := func([]string) control.SettingsChange { return control.SettingsChange{} }
	cmd := c.changeRanges("ranges", "cli.ranges", none)
	cmd.Long = c.t("cli.ranges.long")
	add := c.changeRanges("add RANGE…", "cli.ranges.add", func(args []string) control.SettingsChange {
		return control.SettingsChange{AddRanges: &args}
	})
	remove := c.changeRanges("remove RANGE…", "cli.ranges.remove", func(args []string) control.SettingsChange {
		return control.SettingsChange{RemoveRanges: &args}
	})
	for _, sub := range []*cobra.Command{add, remove} {
		sub.Args = c.words(1, 0)
	}
	cmd.AddCommand(c.changeRanges("list", "cli.ranges.list", none), add, remove)
	return cmd
}

// changeRanges makes a command that shows the ranges, after a change. The
// profile makes it, so that two commands at once do not undo each other.
func (c *commands) changeRanges(use, short string, change func(args []string) control.SettingsChange) *cobra.Command {
	return c.question(use, short, 0, func(ctx context.Context, client *control.Client, args []string, asJSON bool) error {
		settings, err := c.settings(ctx, client, change(args))
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(settings.Ranges)
		}
		for _, r := range settings.Ranges {
			fmt.Fprintln(c.Out, r)
		}
		return nil
	})
}

func (c *commands) search() *cobra.Command {
	return &cobra.Command{
		Use:   "search",
		Short: c.t("cli.search"),
		Args:  c.noWords,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.host.Do(cmd.Context(), c.opts, func(ctx context.Context, client *control.Client) error {
				if err := client.Search(ctx); err != nil {
					return err
				}
				_, err := fmt.Fprintln(c.Out, c.t("cli.search.begun"))
				return err
			})
		},
	}
}
