package protocol_test

import (
	"encoding/hex"
	"strings"

	"feihong/protocol"
)

func describeOffer(o *protocol.Offer) any {
	tops := []any{}
	for _, top := range o.Tops {
		tops = append(tops, map[string]any{"name": top.Name, "folder": top.Folder, "files": top.Files, "bytes": top.Bytes})
	}
	described := map[string]any{
		"kind": "offer", "id": o.ID, "time": o.Time, "text": o.Text, "token": hex.EncodeToString(o.Token[:]),
		"manifest": hex.EncodeToString(o.Manifest[:]), "manifest_bytes": o.ManifestBytes, "files": o.Files, "folders": o.Folders,
		"bytes": o.Bytes, "executables": o.Executables, "tops": tops, "more_tops": o.MoreTops,
	}
	if o.Preview != nil {
		described["preview"] = hex.EncodeToString(o.Preview)
	}
	return described
}

// hash is 32 times the same byte.
func hash(b byte) (h [32]byte) {
	for i := range h {
		h[i] = b
	}
	return h
}

// offer is one of a file and a folder with two files in it.
func offer() *protocol.Offer {
	return &protocol.Offer{
		ID: messageID(6), Time: 1767225600000, Text: "the pictures 📷", Token: hash(0x70), Manifest: hash(0x3A), ManifestBytes: 211,
		Files: 3, Folders: 2, Bytes: 5_000_000_010, Executables: 1,
		Tops: []protocol.OfferTop{{Name: "setup.exe", Bytes: 10}, {Name: "照片", Folder: true, Files: 2, Bytes: 5_000_000_000}},
	}
}

func changedOffer(change func(*protocol.Offer)) *protocol.Offer {
	o := offer()
	change(o)
	return o
}

func greatestOffer() *protocol.Offer {
	o := &protocol.Offer{
		ID: messageID(6), Time: protocol.MaxTime, Text: strings.Repeat("a", protocol.MaxTextBytes), Token: hash(0xFF), Manifest: hash(0xFF),
		ManifestBytes: protocol.MaxManifestBytes, Files: protocol.MaxEntries - protocol.MaxOfferTops, Folders: protocol.MaxOfferTops,
		Bytes: protocol.MaxFileBytes, Executables: protocol.MaxEntries - protocol.MaxOfferTops, MoreTops: protocol.MaxEntries - protocol.MaxOfferTops,
	}
	for range protocol.MaxOfferTops {
		o.Tops = append(o.Tops, protocol.OfferTop{Name: strings.Repeat("n", protocol.MaxTopNameBytes), Folder: true, Files: 5000, Bytes: 1 << 45})
	}
	return o
}

func offers() map[string]*protocol.Offer {
	return map[string]*protocol.Offer{
		"offer":                 offer(),
		"offer without caption": changedOffer(func(o *protocol.Offer) { o.Text = "" }),
		"offer with a preview":  changedOffer(func(o *protocol.Offer) { o.Preview = []byte{0x89, 'P', 'N', 'G'} }),
		"offer of an empty file": changedOffer(func(o *protocol.Offer) {
			o.Files, o.Folders, o.Bytes, o.Executables = 1, 0, 0, 0
			o.Tops = []protocol.OfferTop{{Name: "empty"}}
		}),
		"offer of an empty folder": changedOffer(func(o *protocol.Offer) {
			o.Files, o.Folders, o.Bytes, o.Executables = 0, 1, 0, 0
			o.Tops = []protocol.OfferTop{{Name: "empty", Folder: true}}
		}),
		"offer of more than is named": changedOffer(func(o *protocol.Offer) {
			o.Files, o.Folders, o.MoreTops, o.Tops = 40, 0, 8, nil
			for range protocol.MaxOfferTops {
				o.Tops = append(o.Tops, protocol.OfferTop{Name: "same", Bytes: 100})
			}
		}),
	}
}

const (
	fileTop   = "a4 00 61 61 01 f4 02 00 03 05"       // a file "a" of 5 bytes
	folderTop = "a4 00 61 62 01 f5 02 02 03 19 01 00" // a folder "b" with two files of 256 bytes together
)

func offerFields() fields {
	return fields{
		0: "06", 1: idItem(1), 2: "01", 3: textItem("x"), 4: "58 20" + strings.Repeat("07", 32), 5: "58 20" + strings.Repeat("08", 32),
		6: "18 64", 7: "03", 8: "01", 9: "19 01 05", 10: "01", 11: "82" + fileTop + folderTop, 12: "00",
	}
}

func offerOdd() []bodyVector {
	f := offerFields()
	x := &protocol.Offer{
		ID: messageID(1), Time: 1, Text: "x", Token: hash(7), Manifest: hash(8), ManifestBytes: 100, Files: 3, Folders: 1, Bytes: 261, Executables: 1,
		Tops: []protocol.OfferTop{{Name: "a", Bytes: 5}, {Name: "b", Folder: true, Files: 2, Bytes: 256}},
	}
	named := func(name string) any {
		y := *x
		y.Tops = []protocol.OfferTop{{Name: name, Bytes: 5}, x.Tops[1]}
		return describeOffer(&y)
	}
	top := func(name string) string { return "82 a4 00" + textItem(name) + "01 f4 02 00 03 05" + folderTop }
	table := []bodyVector{
		altered("offer with an unknown field", f.with(14, "f5").octets(), describeOffer(x)),
		altered("offer, top with an unknown field", f.with(11, "82"+fileTop+strings.Replace(folderTop, "a4", "a5", 1)+"04 f5").octets(), describeOffer(x)),
		altered("offer, name that is reordered", f.with(11, top("\u202Eexe.doc\n")).octets(), named("exe.doc")),
		altered("offer, name with nothing to see", f.with(11, top("\u200B")).octets(), named("_")),
		rejected("offer, caption empty", "text-empty", f.with(3, "60").octets()),
		rejected("offer, caption of white space", "text-empty", f.with(3, "61 20").octets()),
		rejected("offer, top without name", "missing", f.with(11, "82"+folderTop+"a3 01 f4 02 00 03 05").octets()),
		rejected("offer, top without folder", "missing", f.with(11, "82"+folderTop+"a3 00 61 61 02 00 03 05").octets()),
		rejected("offer, top without files", "missing", f.with(11, "82"+folderTop+"a3 00 61 61 01 f4 03 05").octets()),
		rejected("offer, top without bytes", "missing", f.with(11, "82"+folderTop+"a3 00 61 61 01 f4 02 00").octets()),
	}
	for _, v := range []struct {
		key  uint
		name string
	}{
		{1, "ID"}, {2, "time"}, {4, "token"}, {5, "manifest"}, {6, "length of the manifest"}, {7, "files"}, {8, "folders"},
		{9, "bytes"}, {10, "executables"}, {11, "tops"}, {12, "number of other tops"},
	} {
		table = append(table, rejected("offer without "+v.name, "missing", f.without(v.key).octets()))
	}
	for _, v := range []struct {
		name  string
		key   uint
		value string
	}{
		{"ID zero", 1, bytesItem(make([]byte, 16))},
		{"time negative", 2, "20"},
		{"time after the year 9999", 2, "1b 00 00 e6 77 d2 1f dc 00"},
		{"token zero", 4, bytesItem(make([]byte, 32))},
		{"token of 31 bytes", 4, bytesItem(make([]byte, 31))},
		{"manifest of no bytes", 6, "00"},
		{"manifest over 32 MiB", 6, "1a 02 00 00 01"},
		{"200001 entries", 7, "1a 00 03 0d 40"},
		{"4294967295 files and a folder", 7, "1a ff ff ff ff"},
		{"files over 32 bits", 7, "1b 00 00 00 01 00 00 00 00"},
		{"over a pebibyte", 9, "1b 00 04 00 00 00 00 00 01"},
		{"more executable files than files", 10, "04"},
		{"preview empty", 13, "40"},
		{"preview as text", 13, "61 61"},
		{"preview of 12289 bytes", 13, bytesItem(make([]byte, 12289))},
		{"no tops", 11, "80"},
		{"33 tops", 11, "98 21" + strings.Repeat(fileTop, 33)},
		{"tops as numbers", 11, "81 01"},
		{"top with an empty name", 11, "82" + folderTop + "a4 00 60 01 f4 02 00 03 05"},
		{"top with a name of 256 bytes", 11, "82" + folderTop + "a4 00" + textItem(strings.Repeat("a", 256)) + "01 f4 02 00 03 05"},
		{"file with files in it", 11, "82" + folderTop + "a4 00 61 61 01 f4 02 01 03 05"},
		{"top of more bytes than all", 11, "82" + folderTop + "a4 00 61 61 01 f4 02 00 03 1b ff ff ff ff ff ff ff ff"},
		{"tops of more bytes than all", 11, "82" + folderTop + "a4 00 61 61 01 f4 02 00 03 06"},
		{"tops of more files than all", 11, "83" + fileTop + fileTop + folderTop},
		{"tops of more folders than all", 11, "82" + folderTop + folderTop},
		{"tops of fewer files than all", 11, "82" + fileTop + "a4 00 61 62 01 f5 02 01 03 19 01 00"},
		{"tops of fewer bytes than all", 11, "82" + folderTop + "a4 00 61 61 01 f4 02 00 03 04"},
		{"other tops, although there is room", 12, "01"},
	} {
		table = append(table, rejected("offer, "+v.name, "field", f.with(v.key, v.value).octets()))
	}
	return table
}
