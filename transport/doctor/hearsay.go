package doctor

import (
	"slices"
	"strings"
	"time"

	"feihong/protocol"
)

// Bounds of the list of people heard; more are counted only.
const (
	mostHeard = 20
	mostWays  = 8 // of one person
)

// addHeard tells who was heard, each person once, and counts the people heard
// lately.
func (r *Report) addHeard(all []Heard, own protocol.PeerID) int {
	ways := make(map[protocol.PeerID][]Heard)
	var people []protocol.PeerID // who was heard last first
	lately := 0
	for _, heard := range newestFirst(all) {
		known := ways[heard.ID]
		switch {
		case heard.ID == own:
			continue
		case known == nil:
			people = append(people, heard.ID)
			if time.Since(heard.When) <= heardLately {
				lately++
			}
		}
		ways[heard.ID] = append(known, heard)
	}
	for _, who := range people[:min(len(people), mostHeard)] {
		r.add(TopicHeard, LevelOK, heardText(ways[who]), heardDetail(ways[who]))
	}
	switch {
	case len(people) > mostHeard:
		r.add(TopicHeard, LevelNote, say("doctor.heard.more", "count", len(people)-mostHeard), "")
	case len(people) == 0:
		r.add(TopicHeard, LevelNote, say("doctor.heard.nobody"), "")
	}
	return lately
}

func newestFirst(all []Heard) []Heard {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Heard) int { return b.When.Compare(a.When) })
	return all
}

// heardText is a sentence about all the ways by which a person was heard.
func heardText(ways []Heard) Text {
	ways = ways[:min(len(ways), mostWays)]
	var list Text
	for i, heard := range slices.Backward(ways) {
		if i == len(ways)-1 {
			list = wayText(heard)
			continue
		}
		list = say("doctor.heard.also", "way", wayText(heard), "more", list)
	}
	return say("doctor.heard.person", "name", nameOf(ways[0].Name, ways[0].ID), "ways", list)
}

// wayText tells of one way, with what is known of where the word came from.
func wayText(heard Heard) Text {
	key := "doctor.heard.alone"
	pairs := []any{"way", say("doctor.heard.way." + wayOf(heard.Way)), "seconds", int(max(time.Since(heard.When), 0).Seconds())}
	device := safe(heard.Interface)
	if device != "" {
		key = "doctor.heard.on"
		pairs = append(pairs, "interface", device)
	}
	if heard.From.IsValid() {
		key = "doctor.heard.from"
		from := heard.From
		if device != "" {
			key, from = "doctor.heard.from-on", from.WithZone("") // which the device says
		}
		pairs = append(pairs, "from", from)
	}
	return say(key, pairs...)
}

func heardDetail(ways []Heard) string {
	last := ways[0]
	parts := []string{last.ID.Short()}
	if last.Address.IsValid() {
		parts = append(parts, last.Address.String())
	}
	return strings.Join(append(parts, last.When.Format(time.RFC3339)), " ")
}

// wayOf keeps to the ways that have a text.
func wayOf(way string) string {
	switch way {
	case "multicast", "broadcast", "unicast", "dnssd", "exchange", "session":
		return way
	}
	return "other"
}
