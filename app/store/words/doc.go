// Package words says what a word is when messages are searched. It prepares
// text for the full-text index and reads what a person typed into the search
// field, so that both mean the same. It is pure: no database, no clock.
//
// Text is folded first: compatibility forms are unified (full width "Ａ" is
// "A"), letters are lower-cased and lose their diacritics, invisible format
// characters and combining marks are dropped. What is left is divided into
//
//   - runs of Han characters, kana and hangul, found anywhere as written,
//     from one character up;
//   - words of other letters and digits, found by their beginning;
//   - symbols, among them emoji, each found by itself;
//   - punctuation, which a query ignores unless it has nothing else.
//
// Texts of more than a few KiB are indexed by less than that, because the cost
// would be felt: by their different characters and the first letters of words.
//
// The index only narrows the search down: Query.Expression may let a message
// through that does not match, never the reverse, and Query.Matches decides.
package words
