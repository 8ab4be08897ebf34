// Package price is what AWS charges for what this program makes and does, in one
// table. A price that changes is changed here, with the day on which it was read.
package price

import "slices"

// The prices are list prices of one Region, without free tiers, discounts and
// taxes. Others of the partition may differ, and other partitions have prices of
// their own.
const (
	Partition = "aws"
	Region    = "us-east-1"
	Read      = "2026-11-28"
)

// About is whose prices they are, as estimates say it.
const About = "List prices of " + Region + " as of " + Read

// Price is what one of something costs.
type Price struct {
	Item  string  `json:"item"`
	USD   float64 `json:"usd"`
	Per   string  `json:"per,omitempty"` // a month, or "": each time
	Page  string  `json:"page"`
	Basis Basis   `json:"basis"`
}

// Month is that a price is paid each month, whether the thing is used or not.
const Month = "month"

// Basis is how a price was read.
type Basis string

// How a price was read.
const (
	OnPage Basis = "page"   // on AWS's page, or a stored copy of it
	Quoted Basis = "quoted" // where others quote the page
	Unread Basis = "unread" // as generally known: compare it before much money hangs on it
)

// Item is what has a price.
type Item int

// What has a price.
const (
	Key Item = iota
	KeyRotation
	Secret
	Alarm
	Dashboard
	ReplicationMetric
	Storage
	Write
	Retrieval
	BatchJob
	BatchTask
	Transition
	Invocation
	Compute
)

// Price returns an item's row.
func (i Item) Price() Price { return table[i] }

// USD returns what one of an item costs.
func (i Item) USD() float64 { return table[i].USD }

// Monthly returns the prices that are paid each month for what is there.
func Monthly() []Price {
	return slices.DeleteFunc(slices.Clone(table[:]), func(p Price) bool { return p.Per != Month })
}
