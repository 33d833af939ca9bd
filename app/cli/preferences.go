package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"feihong/app/control"
)

// The words for what is and what is not.
const (
	wordOn  = "on"
	wordOff = "off"
)

// preferences shows or changes what others get to know, what is kept, and what
// calls the user.
func (c *commands) preferences() *cobra.Command {
	var change control.SettingsChange
	var keepDays int
	var images, quiet string
	switches := map[string]*string{"receipts": new(string), "typing": new(string), "notify": new(string), "notify-text": new(string), "sounds": new(string)}
	var cmd *cobra.Command
	given := func(flag string) bool { return cmd.Flags().Changed(flag) }
	read := func() error {
		for flag, to := range map[string]**bool{
			"receipts": &change.Receipts, "typing": &change.Typing, "notify": &change.Notify, "notify-text": &change.NotifyText, "sounds": &change.Sounds,
		} {
			if !given(flag) {
				continue
			}
			on := *switches[flag] == wordOn
			if !on && *switches[flag] != wordOff {
				return c.misuse("cli.misuse.switch", map[string]any{"flag": "--" + flag, "value": *switches[flag]})
			}
			*to = &on
		}
		if given("keep-days") {
			change.KeepDays = &keepDays
		}
		if given("images-up-to") {
			size, ok := parseSize(images)
			if !ok && images != wordOff {
				return c.misuse("cli.misuse.images", map[string]any{"value": images})
			}
			change.ImagesUpTo = &size
		}
		if given("quiet") {
			hours := strings.TrimPrefix(quiet, wordOff)
			change.QuietHours = &hours
		}
		return nil
	}
	cmd = c.question("settings", "cli.settings", 0, func(ctx context.Context, client *control.Client, _ []string, asJSON bool) error {
		settings, err := c.settings(ctx, client, change)
		if err != nil {
			return err
		}
		if asJSON {
			return c.printJSON(settings)
		}
		return c.printPreferences(settings.Preferences)
	})
	cmd.PreRunE = func(*cobra.Command, []string) error { return read() }
	for flag, to := range switches {
		cmd.Flags().StringVar(to, flag, "", c.t("cli.settings."+flag))
	}
	cmd.Flags().IntVar(&keepDays, "keep-days", 0, c.t("cli.settings.keep-days"))
	cmd.Flags().StringVar(&images, "images-up-to", "", c.t("cli.settings.images-up-to"))
	cmd.Flags().StringVar(&quiet, "quiet", "", c.t("cli.settings.quiet"))
	return cmd
}

func (c *commands) printPreferences(p control.Preferences) error {
	word := func(on bool) string {
		if on {
			return c.t("cli.settings.on")
		}
		return c.t("cli.settings.off")
	}
	kept, images := c.t("cli.settings.for-ever"), c.t("cli.settings.none")
	if p.KeepDays > 0 {
		kept = c.text.Text("cli.settings.days", map[string]any{"count": p.KeepDays})
	}
	if p.ImagesUpTo > 0 {
		images = c.text.Text("cli.settings.up-to", map[string]any{"size": formatSize(p.ImagesUpTo)})
	}
	return printTable(c.Out, "", [][]string{
		{c.t("cli.settings.receipts-are"), word(p.Receipts)},
		{c.t("cli.settings.typing-is"), word(p.Typing)},
		{c.t("cli.settings.kept"), kept},
		{c.t("cli.settings.images-are"), images},
		{c.t("cli.settings.notify-is"), word(p.Notify)},
		{c.t("cli.settings.notify-text-is"), word(p.NotifyText)},
		{c.t("cli.settings.sounds-are"), word(p.Sounds)},
		{c.t("cli.settings.quiet-is"), or(p.QuietHours, c.t("cli.settings.no-quiet"))},
	})
}
