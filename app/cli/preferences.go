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
	var sure bool
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
			rounded := size == 0 && strings.ContainsAny(images, "123456789") // to none, which was not meant
			if images != wordOff && (!ok || rounded) {
				return c.misuse("cli.misuse.images", map[string]any{"value": images})
			}
			change.ImagesUpTo = &size
		}
		if given("quiet") {
			if quiet == "" { // as of a variable that is not set
				return c.misuse("cli.misuse.quiet", map[string]any{"value": quiet})
			}
			hours := quiet
			if quiet == wordOff {
				hours = ""
			}
			change.QuietHours = &hours
		}
		return nil
	}
	cmd = c.question("settings", "cli.settings", 0, func(ctx context.Context, client *control.Client, _ []string, asJSON bool) error {
		if change.KeepDays != nil && !sure {
			if err := c.mayDelete(ctx, client, keepDays); err != nil {
				return err
			}
		}
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
	cmd.Flags().BoolVar(&sure, "yes", false, c.t("cli.settings.yes"))
	cmd.Flags().StringVar(&images, "images-up-to", "", c.t("cli.settings.images-up-to"))
	cmd.Flags().StringVar(&quiet, "quiet", "", c.t("cli.settings.quiet"))
	return cmd
}

// mayDelete refuses to keep messages for fewer days than before, which deletes
// those that are older at once and for good.
func (c *commands) mayDelete(ctx context.Context, client *control.Client, days int) error {
	if days <= 0 {
		return nil // for ever, or nothing that is taken
	}
	now, err := client.Settings(ctx)
	if err != nil {
		return err
	}
	if now.KeepDays > 0 && now.KeepDays <= days {
		return nil
	}
	return c.misuse("cli.settings.deletes", map[string]any{"count": days})
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
