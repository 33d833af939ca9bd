// Package bulktest has what tests of bulk and of its two sides share: contracts
// that every bulk.Source and bulk.Sink runs, and one of each in memory.
package bulktest
