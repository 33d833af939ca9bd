package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

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
	return printTable(c.Out, "", [][]string{
		{c.t("cli.status.name-is"), s.Name},
		{c.t("cli.status.status-is"), c.statusWord(s.Status)},
		{c.t("cli.status.text-is"), or(s.StatusText, "-")},
		{c.t("cli.status.department-is"), or(s.Department, "-")},
		{c.t("cli.status.idle-is"), idle},
	})
}

// ranges shows or changes where colleagues are looked for beyond the own
// network.
func (c *commands) ranges() *cobra.Command {
	list := func(use, short string) *cobra.Command {
		return c.changeRanges(use, short, func(ranges, _ []string) ([]string, error) { return ranges, nil })
	}
	cmd := list("ranges", "cli.ranges")
	cmd.Long = c.t("cli.ranges.long")
	add := c.changeRanges("add RANGE…", "cli.ranges.add", func(ranges, args []string) ([]string, error) {
		return append(ranges, args...), nil
	})
	remove := c.changeRanges("remove RANGE…", "cli.ranges.remove", func(ranges, args []string) ([]string, error) {
		for _, arg := range args {
			i := slices.Index(ranges, strings.TrimSpace(arg))
			if i < 0 {
				return nil, c.misuse("cli.misuse.no-range", map[string]any{"value": arg})
			}
			ranges = slices.Delete(ranges, i, i+1)
		}
		return ranges, nil
	})
	for _, sub := range []*cobra.Command{add, remove} {
		sub.Args = c.words(1, 0)
	}
	cmd.AddCommand(list("list", "cli.ranges.list"), add, remove)
	return cmd
}

// changeRanges makes a command that shows the ranges, changed if there are
// words behind it.
func (c *commands) changeRanges(use, short string, change func(ranges, args []string) ([]string, error)) *cobra.Command {
	return c.question(use, short, 0, func(ctx context.Context, client *control.Client, args []string, asJSON bool) error {
		settings, err := client.Settings(ctx)
		if err != nil {
			return err
		}
		if len(args) > 0 {
			ranges, err := change(settings.Ranges, args)
			if err != nil {
				return err
			}
			if settings, err = client.ChangeSettings(ctx, control.SettingsChange{Ranges: &ranges}); err != nil {
				return err
			}
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
