package plan

import (
	"encoding/json"
	"fmt"
	"math"

	"github.com/s3seal/s3seal/internal/price"
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

// Prices is what resources cost, whose prices they are, and when they were read.
type Prices struct {
	Partition string        `json:"partition"`
	Region    string        `json:"region"`
	Read      string        `json:"read"`
	Items     []price.Price `json:"items"`
}

// rotationsPaid is how many rotations of a key add to its price.
const rotationsPaid = 2

// cost leaves free tiers out: they are an account's, which may have other things.
func (r Resources) cost() Cost {
	of := func(n int, i price.Item) Cents { return Cents(n) * Cents(math.Round(i.USD()*100)) }
	first := of(r.Keys, price.Key) + of(r.Secrets, price.Secret) + of(r.Alarms, price.Alarm) + of(r.Dashboards, price.Dashboard) + of(r.ReplicationMetrics, price.ReplicationMetric)
	return Cost{First: first, Later: first + rotationsPaid*of(r.Keys, price.KeyRotation)}
}
