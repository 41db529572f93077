# ruff: noqa: E501 - sentences are kept whole
"""Sentences of invented footnotes, remarks and signatures, as patterns with named gaps."""

from __future__ import annotations

WEIGHTED_PRICE = (
    "The price reported in Column 4 is a weighted average price. These shares were {did} in multiple transactions at prices "
    "ranging from ${low} to ${high}, inclusive. The reporting person undertakes to provide to {issuer}, any security holder "
    "of {issuer}, or the staff of the Securities and Exchange Commission, upon request, full information regarding the number "
    "of shares {did} at each separate price within the ranges set forth in this footnote.",
    "Represents the weighted average price of the shares {did} from ${low} to ${high} per share. The Reporting Person will "
    "provide, upon request by the Commission staff, the Issuer, or a security holder of the Issuer, full information "
    "regarding the number of shares {did} at each separate price within the range set forth in this footnote.",
    "This transaction was executed in multiple trades at prices ranging from ${low} to ${high}. The price reported above "
    "reflects the weighted average price. The reporting person hereby undertakes to provide upon request to the SEC staff, "
    "the issuer or a security holder of the issuer full information regarding the number of shares and prices at which the "
    "transactions were effected.",
    "Weighted average price. Actual prices ranged from ${low} to ${high}.",
    "The reported price is a weighted average of trades between ${low} and ${high}; details of each trade will be supplied on "
    "request to the Commission, the Issuer or any holder of its securities.",
    "Shares {did} on the open market in several trades on this date, priced between ${low} and ${high} (average shown).",
)
PLAN_10B5 = (
    "The sales reported in this Form {form} were effected pursuant to a Rule 10b5-1 trading plan adopted by the reporting "
    "person on {day}.",
    "The transactions reported on this Form {form} were made under a Rule 10b5-1 plan dated {day}.",
    "Sale made pursuant to a pre-arranged trading plan under Rule 10b5-1 entered into on {day}.",
    "Transaction effected automatically under the reporting person's 10b5-1 plan, adopted {day} and expiring {day2}.",
)
GRANT = (
    "Award of restricted stock units under the Issuer's {year} Equity Incentive Plan. The units vest in {n} equal annual "
    "installments beginning on {day}.",
    "Represents restricted stock granted under the {year} Long-Term Incentive Plan; one-third vests on each anniversary of "
    "the grant date, subject to continued service.",
    "Granted as compensation for service on the Board of Directors. The shares vest in full on the earlier of {day} and the "
    "next annual meeting of stockholders.",
    "Shares issued on achievement of performance goals set in {year}, as certified by the Compensation Committee on {day}.",
    "Stock awarded in lieu of quarterly cash retainer fees under the non-employee director compensation program.",
    "The award vests as to 25% on {day} and quarterly thereafter as to 1/16th of the total, provided the reporting person "
    "remains employed with {issuer} on each date.",
)
WITHHELD = (
    "Shares withheld by the Issuer to satisfy tax withholding obligations upon the vesting of restricted stock units.",
    "Represents shares surrendered to {issuer} for the payment of taxes due on vesting of an award granted on {day}.",
    "Withholding of shares to cover taxes. No shares were sold.",
    "Shares delivered in payment of the exercise price and related taxes.",
)
UNIT_VALUE = (
    "Each restricted stock unit represents a contingent right to receive one share of {issuer} common stock.",
    "Each unit is the economic equivalent of one share of the Issuer's common stock.",
    "Each RSU converts into one share of Common Stock upon settlement.",
    "Each phantom unit will be settled in cash following the reporting person's separation from service.",
    "The stock units convert to common stock on a 1-for-1 basis.",
    "Not applicable.",
    "1-for-1",
)
VESTING = (
    "The restricted stock units vest in {n} equal annual installments beginning {day}.",
    "The option becomes exercisable in {n} equal installments on the first {n} anniversaries of {day}.",
    "Fully vested and exercisable.",
    "Twenty-five percent of the shares subject to the option vest on {day}; the rest vests in 36 equal monthly installments.",
    "Vests on {day}, subject to continued employment through that date.",
    "These units vest quarterly as to 1/12th of the total, beginning on {day}.",
    "The units are payable in shares upon termination of service as a director and have no expiration date.",
    "1/4 of the RSUs vest on {day} and 1/16 every three months after that. RSUs do not expire; they either vest or are cancelled.",
)
CONVERSION = (
    "The {title} is convertible at any time at the holder's election on a 1-for-1 basis and has no expiration date.",
    "Each share of {title} converted automatically into one share of common stock upon the closing of the Issuer's initial "
    "public offering.",
    "The {title} may be exchanged for common stock on a one-for-one basis, or for cash at the election of the Issuer.",
)
INDIRECT = (
    "The shares are held by the {trust}, of which the reporting person is trustee.",
    "Held in trust for the benefit of the reporting person's children. The reporting person disclaims beneficial ownership of "
    "these shares except to the extent of any pecuniary interest therein.",
    "These shares are held directly by {fund}. {fund2} is its general partner and may be deemed to have voting and "
    "dispositive power over them. Each disclaims beneficial ownership except to the extent of its pecuniary interest.",
    "Shares owned by the reporting person's spouse, as to which beneficial ownership is disclaimed.",
    "Represents the number of shares held in the Issuer's 401(k) plan as of {day}, based on the plan's most recent statement.",
    "Securities held of record by {fund}. The filing of this report is not an admission of beneficial ownership for purposes "
    "of Section 16 or for any other purpose.",
    "Consists of (i) {a} shares held by {fund} and (ii) {b} shares held by {fund2}.",
)
BALANCE = (
    "Includes {a} shares acquired under the Issuer's employee stock purchase plan since the last report.",
    "Includes {a} unvested restricted stock units.",
    "Total reflects {b} shares received through reinvestment of dividends.",
    "Reflects a two-for-one stock split effected on {day}.",
    "Between {day} and {day2}, the reporting person acquired {b} shares under the 401(k) plan.",
    "The total securities beneficially owned includes {a} shares previously reported as indirectly owned, which were "
    "distributed to the reporting person on {day}.",
)
GIFT = (
    "Bona fide gift. No consideration was received.",
    "Gift to a charitable organization.",
    "Represents a transfer to the {trust} for no consideration.",
    "Gift of {a} shares to family members.",
)
AMENDED = (
    "This amendment is filed to correct the number of shares reported in the original filing of {day}.",
    "The original Form {form} filed on {day} inadvertently overstated the price.",
    "Filed solely to include a transaction omitted from the original report because of an administrative error.",
    "Amended to correct the amount of securities owned following the reported transaction in column 5.",
)
OTHER = (
    "Acquired in a private placement pursuant to a Securities Purchase Agreement dated {day}.",
    "Distribution in kind by {fund} to its partners, without consideration.",
    "Disposed of pursuant to the merger agreement dated {day}, under which each share was exchanged for ${low} in cash.",
    "Acquired upon reinvestment of dividends, exempt under Rule 16a-11.",
    "Determined by the closing price of the common stock on {day}.",
    "In connection with the offering, the underwriters purchased the shares at ${low}, net of discounts and commissions.",
    "Transfer between the reporting person and the {trust}; there is no change in pecuniary interest.",
    "The swap is settled in cash only and carries a notional amount of {a} shares. The final valuation date is {day}.",
)
REMARKS = (
    "Exhibit 24 - Power of Attorney",
    "Exhibit 24 - Power of Attorney.",
    "Exhibit 24.1 - Power of Attorney",
    "Exhibit List: Exhibit 24 - Power of Attorney",
    "Power of Attorney on file.",
    "poa{low_name}.txt",
    "Title: Executive Vice President, {job} and Corporate Affairs",
    "{job} Officer, Global Operations & Services",
    "The Reporting Persons may be deemed to be members of a group. Each disclaims beneficial ownership of the securities "
    "reported here except to the extent of its pecuniary interest.",
    "This Form {form} is the first of two reports filed on this date for the same event, since the number of lines exceeds "
    "the limit of the filing system.",
    "The filing of this statement shall not be construed as an admission that the reporting person is, for the purposes of "
    "Section 16 of the Securities Exchange Act of 1934, the beneficial owner of any of the securities covered by it.",
    "Executed under the Limited Power of Attorney dated {day}.",
    "Officer title: SVP, {job}, and President, {issuer} Foundation.",
    "This report is filed late owing to a delay in receiving filing codes.",
)
JOBS = (
    "Finance",
    "Human Resources",
    "Supply Chain",
    "Corporate Strategy",
    "Technology",
    "Legal",
    "Commercial Banking",
    "Product",
    "Marketing",
    "Chief Operating",
)
# {me} the owner in reading order, {agent} somebody else
SIGNED = (
    ("/s/ {me}", 30),
    ("/s/ {agent}, Attorney-in-Fact", 12),
    ("/s/ {agent}, attorney-in-fact for {me}", 10),
    ("/s/ {agent}, as Attorney-in-Fact", 6),
    ("{agent}, Attorney-in-Fact for {me}", 7),
    ("/s/ {me}, by {agent}, Attorney-in-Fact", 6),
    ("{me} by {agent}, Attorney-in-Fact", 5),
    ("/s/ {agent}, by power of attorney", 4),
    ("/s/ {agent} under POA", 3),
    ("By: {agent}, Power of Attorney For: {me}", 3),
    ("{me}", 6),
    ("By: /s/ {agent}, Attorney in Fact", 4),
    ("{agent} for {me}", 2),
    ("{me} / {agent} POA", 1),
    ("/S/ {me}", 2),
)
SIGNED_ENTITY = (
    "{me}, By: {gp}, its general partner, By: /s/ {agent}, Managing Member",
    "{me} By: /s/ {agent}, Authorized Signatory",
    "/s/ {agent}, Authorized Person of {me}",
    "/s/ {agent}, as attorney-in-fact for {me}",
    "By: /s/ {agent}, Name: {agent}, Title: Manager",
    "{me}, by /s/ {agent}, its President",
)
POWER_OF_ATTORNEY = (
    "Know all by these presents, that the undersigned, {who}, hereby constitutes and appoints {agent}, signing singly, the undersigned's true and lawful attorney-in-fact to:",
    "(1) execute for and on behalf of the undersigned, in the undersigned's capacity as an officer and/or director, Forms 3, 4 and 5 in accordance with Section 16(a) of the Securities Exchange Act of 1934 and the rules thereunder;",
    "(2) do and perform any and all acts for and on behalf of the undersigned which may be necessary or desirable to complete and execute any such Form 3, 4 or 5 and timely file it with the United States Securities and Exchange Commission; and",
    "(3) take any other action of any type whatsoever in connection with the foregoing which may be of benefit to the undersigned.",
    "IN WITNESS WHEREOF, the undersigned has caused this Power of Attorney to be executed as of this {day}.",
)
