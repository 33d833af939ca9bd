package cli

import (
	"context"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"feihong/app/control"
)

// filesReceipt shows what both sides have signed, and whether it is true.
func (c *commands) filesReceipt() *cobra.Command {
	var listing bool
	cmd := c.onTransfer("receipt ID", "cli.files.receipt", func(ctx context.Context, client *control.Client, id string, asJSON bool) error {
		receipt, err := client.Receipt(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case listing:
		case asJSON:
			err = c.printJSON(receipt)
		default:
			err = c.printReceipt(receipt)
		}
		if err == nil && receipt.ListingKept && !(asJSON && !listing) {
			err = client.Listing(ctx, receipt.ID, c.Out)
		}
		if err != nil {
			return err
		}
		return c.judge(receipt)
	})
	cmd.Long = c.t("cli.files.receipt.long")
	cmd.Flags().BoolVar(&listing, "listing", false, c.t("cli.files.receipt.listing"))
	return cmd
}

func (c *commands) printReceipt(r control.Receipt) error {
	moment := func(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }
	rows := [][]string{
		{c.t("cli.files.receipt.transfer"), r.ID},
		{c.t("cli.files.receipt.sender"), r.Sender, c.signed(r.SignedBySender)},
		{c.t("cli.files.receipt.receiver"), r.Receiver, c.signed(r.SignedByReceiver)},
		{c.t("cli.files.receipt.files"), strconv.Itoa(r.Files)},
		{c.t("cli.files.receipt.size"), strconv.FormatInt(r.Size, 10)},
		{c.t("cli.files.receipt.started"), moment(r.Started)},
		{c.t("cli.files.receipt.finished"), moment(r.Finished)},
		{c.t("cli.files.receipt.manifest-hash"), r.Manifest},
		{c.t("cli.files.receipt.listing-hash"), r.Listing},
	}
	for _, path := range r.Paths {
		rows = append(rows, []string{c.t("cli.files.receipt.saved"), path})
	}
	rows = append(rows, []string{})
	return printTable(c.Out, "", rows)
}

func (c *commands) signed(is bool) string {
	if is {
		return c.t("cli.files.receipt.signed")
	}
	return c.t("cli.files.receipt.unsigned")
}

// judge says what is wrong with a receipt.
func (c *commands) judge(r control.Receipt) error {
	var faults []string
	if !r.SignedByReceiver || !r.SignedBySender {
		faults = append(faults, "cli.files.receipt.not-signed")
	}
	switch {
	case !r.ListingKept:
		faults = append(faults, "cli.files.receipt.no-listing")
	case !r.ListingValid:
		faults = append(faults, "cli.files.receipt.bad-listing")
	}
	for _, key := range faults {
		c.complain(c.t(key))
	}
	if len(faults) > 0 {
		return &exitError{code: exitFailed}
	}
	return nil
}
