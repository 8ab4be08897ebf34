package plan

import (
	"encoding/json"
	"fmt"
)

// Cents is an amount in cents of a US dollar.
type Cents int

// MarshalJSON writes dollars.
func (c Cents) MarshalJSON() ([]byte, error) { return json.Marshal(json.Number(c.String())) }

func (c Cents) String() string { return fmt.Sprintf("%d.%02d", c/100, c%100) }

// Cost is what resources cost in a month, whether they are used or not.
type Cost struct {
	First Cents `json:"first"` // before any key of KMS is rotated
	Later Cents `json:"later"` // once each has been rotated twice, after which a rotation adds nothing
}

// Prices is what resources cost. They are list prices of one Region; others of
// the partition may differ, and other partitions have prices of their own.
type Prices struct {
	Partition string  `json:"partition"`
	Region    string  `json:"region"`
	Read      string  `json:"read"` // when
	Items     []Price `json:"items"`
}

// Price is what one thing costs in a month.
type Price struct {
	Item string `json:"item"`
	USD  Cents  `json:"usd"`
	Page string `json:"page"`

	// Basis is "page", if the price was read on the page, or "quoted" if only
	// others' texts that quote it could be read.
	Basis string `json:"basis"`
}

// prices is the table: a price that changes is changed here, with the day on
// which it was read.
var prices = Prices{Partition: "aws", Region: "us-east-1", Read: "2026-11-28", Items: []Price{
	keyPrice:       {"KMS key", 100, kmsPage, "page"},
	rotationPrice:  {"each of its first two rotations", 100, kmsPage, "quoted"},
	secretPrice:    {"secret", 40, "https://aws.amazon.com/secrets-manager/pricing/", "quoted"},
	alarmPrice:     {"alarm on one metric", 10, cloudWatchPage, "quoted"},
	dashboardPrice: {"dashboard", 300, cloudWatchPage, "quoted"},
	metricPrice:    {"replication metric", 30, cloudWatchPage, "quoted"},
}}

const (
	keyPrice = iota
	rotationPrice
	secretPrice
	alarmPrice
	dashboardPrice
	metricPrice
)

const (
	kmsPage        = "https://aws.amazon.com/kms/pricing/"
	cloudWatchPage = "https://aws.amazon.com/cloudwatch/pricing/"
)

// rotationsPaid is how many rotations of a key add to its price.
const rotationsPaid = 2

// cost leaves free tiers out: they are an account's, which may have other things.
func (r Resources) cost() Cost {
	of := func(n, price int) Cents { return Cents(n) * prices.Items[price].USD }
	first := of(r.Keys, keyPrice) + of(r.Secrets, secretPrice) + of(r.Alarms, alarmPrice) + of(r.Dashboards, dashboardPrice) + of(r.ReplicationMetrics, metricPrice)
	return Cost{First: first, Later: first + rotationsPaid*of(r.Keys, rotationPrice)}
}
