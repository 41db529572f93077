# ruff: noqa: SIM905, E501 - lists are easier to extend as running text
"""Words that invented filings are made of: people, places, companies, titles. Prose of footnotes is in `prose`.

All lists are written for this project; a filing made of them names nobody on purpose.
"""

from __future__ import annotations

SURNAMES = """
Abbott Abernathy Acosta Adair Adkins Aguilar Ahmed Akers Albrecht Alcott Alderman Allard Almeida Alvarez Ambrose Amin
Anand Andersson Angelo Appleby Archer Arcuri Arellano Armstrong Arnaud Ashby Ashcroft Atwater Aubrey Avery Ayala Baca
Backus Bagley Bainbridge Baldwin Ballard Banerjee Barclay Barlow Barnhart Barrera Bartlett Bassett Bateman Bauer Baxter
Beasley Becker Beckwith Bellamy Benoit Bergstrom Bernard Bhatia Bianchi Birch Blackwood Blair Blanchard Bloomquist Bode
Bohannon Booker Borden Bosworth Boucher Bowden Boyle Bradshaw Brandt Brennan Briggs Brockman Brodsky Bruno Buchanan
Burgess Burkhart Burnham Byrne Cabot Calderon Callahan Calloway Camacho Cantrell Cardenas Carlisle Carmichael Carver
Castellano Cavanaugh Chadwick Chakraborty Chambers Chan Chandler Chaudhry Chen Childress Cho Christensen Clifton
Colbert Coleridge Collier Compton Connolly Conti Corcoran Cordova Cornell Corrigan Costello Covington Crandall Crawley
Cromwell Crosby Cunningham Czerny D'Amico D'Angelo Dalton Danforth Darby Dasgupta Davenport De-Luca Deering Delacroix
Delgado Dempsey Desai Devereaux Dhillon Diaz Dillard Dixon Donahue Donnelly Dorsey Doyle Draper Dubois Duffy Dunbar
Duncan Durham Eastman Eberhardt Eckert Edmonds Egan Eichner Eldridge Ellsworth Emerson Engel Erickson Escobar Espinoza
Esposito Etheridge Fairbanks Falk Farnsworth Faulkner Fenwick Ferrante Ferreira Finch Finnegan Fischer Fitzgerald
Fleming Fletcher Flores Fontaine Forsythe Fournier Foxworth Franklin Frazier Friedman Frost Fuentes Fujimoto Gallagher
Galvin Gamble Garibaldi Garrison Gauthier Gentry Gerhardt Ghosh Gibbons Gilchrist Gillespie Giordano Glover Goddard
Goldberg Goodwin Gorman Gould Graves Greenwood Griffith Grossman Guerrero Gupta Gutierrez Haas Hadley Haines Halloran
Hamada Hampton Hanley Hansen Harcourt Hargrove Harlan Harrington Hartmann Hassan Hathaway Havens Hawthorne Hayashi
Hedlund Heller Henriksen Herrera Hibbard Hightower Hinton Hoffmann Holbrook Hollis Holloway Holt Hong Horvath Houston
Howell Hsu Huang Hubbard Huffman Humphrey Hurley Hutchins Ibarra Ibrahim Ingram Irving Isaksen Ito Iyer Jablonski
Jacoby Jaffe Jamison Janssen Jarvis Jefferson Jenkins Jensen Jorgensen Joshi Kaczmarek Kahn Kane Kaplan Kapoor Karlsson
Kato Kaufman Keane Keating Keller Kelleher Kendrick Kessler Khan Kim Kimball Kirkpatrick Klein Knox Kobayashi Koch
Kowalski Kramer Krause Krishnamurthy Kumar Kurtz Lachance Lambert Lancaster Landry Langford Larkin Lassiter Lau Lawson
Leblanc Lee Leighton Lennox Leung Levine Lin Lindqvist Lockhart Lombardi Long Loomis Lopez Lorenz Lowell Lu Lundgren
Lyons MacDonald MacLeod Madden Mahoney Malik Malone Mancini Mansfield Marchetti Marquez Marsh Martinez Mathur Maxwell
Mayfield McAllister McBride McCabe McCarthy McClure McCormick McDaniel McGrath McIntyre McKinney McLaughlin McNamara
Mehta Melendez Mercer Merritt Meyers Middleton Milligan Mishra Mitchell Moberly Molina Monroe Montgomery Mooney Morales
Moreau Morgan Morrissey Mueller Mulligan Murphy Nagel Nakamura Narayan Nash Navarro Neumann Newcomb Ng Nguyen Nichols
Nielsen Nolan Norcross Novak Nowak O'Brien O'Connell O'Hara O'Keefe O'Malley O'Neill Oakley Ochoa Odom Ogden Okafor
Oliveira Olmstead Olsen Ortega Osborne Ostrowski Ozturk Pace Paddock Palmer Papadopoulos Park Parrish Patel Patterson
Paulsen Paxton Peabody Pearson Pemberton Pereira Perlman Petersen Petrov Pham Phelps Pickett Pierce Pinto Pollard
Porter Powell Prakash Prescott Pritchard Purcell Quinlan Quinn Quintero Radcliffe Rahman Ramirez Ramsey Randall Rao
Rasmussen Redding Reddy Reeves Reilly Reinhardt Renner Reyes Rhodes Richter Ridley Riggs Rinaldi Rios Ritter Rivera
Robbins Rockwell Rodriguez Roman Romero Rosenberg Rosenthal Ross Rossi Roth Rowland Roy Rubin Russo Rutherford Ryan
Sadler Saito Salazar Salinas Sanborn Sanchez Sandoval Sanford Santiago Santos Sato Saunders Savage Sawyer Schaefer
Schiller Schmidt Schneider Schofield Schroeder Schultz Schwartz Seaver Sedgwick Segal Sen Serrano Sethi Shah Shapiro
Sharma Shaw Sheffield Sheldon Shepard Sheridan Sherwood Shields Shimizu Siegel Silva Silverman Simmons Sinclair Singh
Sinha Sloan Smythe Snyder Solomon Song Sorensen Soto Southwick Spaulding Sprague Stanton Steele Stein Sterling Stevens
Stockton Stone Strauss Sullivan Sutherland Suzuki Svensson Swanson Sweeney Takahashi Talbot Tan Tanaka Tang Tate
Templeton Thakur Thatcher Thibodeaux Thorne Thornton Tillman Timmons Tobin Tomlinson Toro Torres Townsend Tran Trask
Trevino Trujillo Tucker Turnbull Tyson Underhill Upton Urban Valdez Valentine Van-Buren Van-der-Berg Vance Varga Vargas
Vaughn Vega Velasquez Venkatesan Verma Vickers Villanueva Vogel Volkov Von-Hagen Vu Waddell Wagner Wainwright Walden
Walker Wallace Walsh Walters Wang Ward Ware Warren Watanabe Weaver Webb Weber Weinstein Weiss Wells Wentworth West
Whitaker Whitcomb White Whitfield Whitmore Wilder Wilkins Willard Winslow Winters Wolfe Wong Woodard Woodbury Wu Wyatt
Xu Yamada Yang Yates Yoon York Young Yu Zamora Zapata Zhang Zhao Zhou Zielinski Zimmerman Zuniga
""".split()

FIRST_NAMES = """
Aaron Abigail Adam Adrienne Agnes Aisha Alan Albert Alejandro Alexander Alexandra Alice Alison Amanda Amelia Amir Amy
Ana Andre Andrea Andrew Angela Anil Anita Ann Anna Anthony Antonio April Arjun Arthur Ashley Audrey Austin Barbara Barry
Beatrice Benjamin Bernadette Beth Beverly Bradley Brandon Brenda Brian Bridget Bruce Bryan Caitlin Calvin Camille
Candace Carl Carla Carlos Carmen Carol Caroline Catherine Cecilia Chad Charles Charlotte Cheryl Christina Christopher
Claire Clark Claudia Clifford Colin Connie Constance Corey Craig Crystal Curtis Cynthia Dale Daniel Danielle Darren
Darlene David Dawn Dean Deborah Deepak Denise Dennis Derek Diana Diane Dimitri Dominic Donald Donna Doris Dorothy
Douglas Duane Dylan Earl Edith Eduardo Edward Edwin Eileen Elaine Eleanor Elena Eli Elizabeth Ellen Emilio Emily Emma
Eric Erica Erin Ernest Esther Ethan Eugene Eva Evelyn Farah Felicia Fernando Fiona Florence Frances Francis Frank
Frederick Gabriel Gail Gary Gavin Genevieve George Gerald Gerard Gilbert Gina Giovanni Glenn Gloria Gordon Grace Graham
Grant Gregory Gretchen Guy Gwendolyn Hannah Harold Harriet Harry Harvey Heather Hector Heidi Helen Henry Herbert Hiroshi
Holly Howard Hugh Ian Ingrid Irene Isaac Isabel Ivan Jack Jacob Jacqueline James Jamie Jan Jane Janet Janice Jared Jason
Javier Jay Jean Jeanne Jeffrey Jennifer Jeremy Jerome Jessica Jill Jin Joan Joanne Joel John Jonathan Jordan Jorge
Joseph Joshua Joy Joyce Juan Judith Julia Julian Julie June Justin Kamala Karen Karl Kate Katherine Kathleen Kavita
Keith Kelly Kenneth Kenji Kerry Kevin Kimberly Kirk Kristen Kurt Kyle Lakshmi Lance Larry Laura Lauren Laurence Leah Lee
Leonard Leslie Lewis Liam Lillian Linda Lindsay Lisa Lloyd Lois Lorraine Louis Lucas Lucia Luis Luke Lydia Lynn Manuel
Marc Marcia Marcus Margaret Maria Marianne Marie Marilyn Mario Marion Mark Marlene Marshall Martha Martin Marvin Mary
Matthew Maureen Maurice Max Megan Mei Melanie Melinda Melissa Michael Michele Miguel Mildred Milton Mina Miriam Mitchell
Mohammed Molly Monica Morgan Murray Myra Nadia Nancy Naomi Natalie Nathan Neil Nicholas Nicole Nikhil Nina Noah Nora
Norman Olga Oliver Olivia Omar Oscar Pamela Patricia Patrick Paul Paula Pauline Pedro Peggy Penelope Perry Peter Philip
Phyllis Pierre Preston Priya Rachel Rafael Rajesh Ralph Ramesh Ramona Randall Raymond Rebecca Regina Renee Ricardo
Richard Rita Robert Roberta Robin Rodney Roger Roland Ronald Rosa Rose Roy Russell Ruth Ryan Sabrina Sally Samantha
Samuel Sandra Sanjay Sara Scott Sean Seth Shannon Sharon Shawn Sheila Shirley Sidney Simon Sofia Sonia Stacy Stanley
Stella Stephanie Stephen Steven Stuart Sunil Susan Suzanne Sylvia Tamara Tanya Teresa Terrence Theodore Theresa Thomas
Tiffany Timothy Tina Todd Tracy Travis Trevor Tyler Uma Valerie Vanessa Vera Vernon Veronica Victor Victoria Vijay
Vincent Virginia Vivian Walter Wanda Warren Wayne Wei Wendy Wesley Whitney William Yolanda Yvonne Zachary
""".split()

STREET_NAMES = """
Main Oak Maple Cedar Elm Pine Walnut Chestnut Birch Willow Spruce Magnolia Sycamore Park Lake Hill Ridge River Spring
Church Market Front Water State Court Commerce Industrial Technology Innovation Enterprise Corporate Executive Research
Science Discovery Liberty Independence Union Federal Congress Washington Jefferson Madison Monroe Franklin Lincoln
Jackson Harrison Grant Sherman Lexington Concord Plymouth Essex Norfolk Suffolk Windsor Kensington Cambridge Oxford
Highland Meadow Valley Canyon Mesa Sunset Sunrise Harbor Bay Ocean Pacific Atlantic Gulf Summit Peachtree Laurel Ashford
Briarwood Brookside Creekside Fairview Glenwood Greenfield Hawthorne Hillcrest Ironwood Juniper Kingston Lakeshore
Longview Millbrook Northgate Overlook Pinehurst Quarry Ravenswood Riverside Rosewood Silverado Stonebridge Thornhill
Timberline Waverly Westlake Woodlands Wyndham Galleria Gateway Heritage Founders Pioneer Frontier Constitution Mission
Embarcadero Bayshore Alameda Camino Montgomery Sansome Battery Dearborn Wacker LaSalle Michigan Delaware Broad Wall
""".split()
STREET_KINDS = (
    "Street Street Avenue Avenue Road Drive Boulevard Lane Way Parkway Place Court Circle Plaza Square".split()
)
STREET_SHORT = "St. St Ave. Ave AVE Rd. Dr. Blvd. Blvd Ln. Pkwy Pl. Ct. Cir.".split()
UNITS = ("SUITE {n}", "Suite {n}", "STE {n}", "STE. {n}", "FLOOR {f}", "{f}TH FLOOR", "{f}th Floor", "UNIT {n}", "ROOM {n}",
         "BUILDING {f}", "#{n}", "P.O. BOX {n}", "PO Box {n}", "MAIL STOP {n}", "DEPT. {n}")  # fmt: skip

# city, state, first digits of its zip codes
CITIES = [
    tuple(part.rsplit(" ", 2))
    for part in """
Boston MA 021|Cambridge MA 021|Waltham MA 024|Lexington MA 024|Worcester MA 016|Providence RI 029|Hartford CT 061|
Stamford CT 069|Greenwich CT 068|New Haven CT 065|Portland ME 041|Burlington VT 054|Manchester NH 031|New York NY 100|
New York NY 101|Brooklyn NY 112|White Plains NY 106|Rye Brook NY 105|Armonk NY 105|Buffalo NY 142|Rochester NY 146|
Albany NY 122|Melville NY 117|Newark NJ 071|Princeton NJ 085|Jersey City NJ 073|Parsippany NJ 070|Short Hills NJ 070|
Murray Hill NJ 079|Philadelphia PA 191|Pittsburgh PA 152|King of Prussia PA 194|Malvern PA 193|Lancaster PA 176|
Wilmington DE 198|Baltimore MD 212|Bethesda MD 208|Rockville MD 208|Columbia MD 210|Washington DC 200|Washington DC 200|
Reston VA 201|McLean VA 221|Arlington VA 222|Richmond VA 232|Norfolk VA 235|Glen Allen VA 230|Charlotte NC 282|
Raleigh NC 276|Durham NC 277|Greensboro NC 274|Winston-Salem NC 271|Charleston SC 294|Greenville SC 296|Atlanta GA 303|
Alpharetta GA 300|Columbus GA 319|Savannah GA 314|Miami FL 331|Tampa FL 336|Orlando FL 328|Jacksonville FL 322|
Boca Raton FL 334|West Palm Beach FL 334|Ft. Lauderdale FL 333|Naples FL 341|St. Petersburg FL 337|Birmingham AL 352|
Huntsville AL 358|Mobile AL 366|Nashville TN 372|Memphis TN 381|Franklin TN 370|Knoxville TN 379|Chattanooga TN 374|
Louisville KY 402|Lexington KY 405|Jackson MS 392|New Orleans LA 701|Baton Rouge LA 708|Little Rock AR 722|
Bentonville AR 727|Columbus OH 432|Cleveland OH 441|Cincinnati OH 452|Dayton OH 454|Akron OH 443|Toledo OH 436|
Indianapolis IN 462|Fort Wayne IN 468|Evansville IN 477|Warsaw IN 465|Detroit MI 482|Ann Arbor MI 481|
Grand Rapids MI 495|Troy MI 480|Kalamazoo MI 490|Chicago IL 606|Oak Brook IL 605|Lake Forest IL 600|Peoria IL 616|
Deerfield IL 600|Moline IL 612|Springfield IL 627|Milwaukee WI 532|Madison WI 537|Green Bay WI 543|Minneapolis MN 554|
St. Paul MN 551|Eden Prairie MN 553|Bloomington MN 554|Rochester MN 559|Des Moines IA 503|Cedar Rapids IA 524|
St. Louis MO 631|Kansas City MO 641|Springfield MO 658|Omaha NE 681|Lincoln NE 685|Overland Park KS 662|Wichita KS 672|
Sioux Falls SD 571|Fargo ND 581|Oklahoma City OK 731|Tulsa OK 741|Dallas TX 752|Houston TX 770|Houston TX 772|
Austin TX 787|San Antonio TX 782|Fort Worth TX 761|Plano TX 750|Irving TX 750|The Woodlands TX 773|Midland TX 797|
El Paso TX 799|Denver CO 802|Boulder CO 803|Englewood CO 801|Colorado Springs CO 809|Salt Lake City UT 841|Lehi UT 840|
Provo UT 846|Phoenix AZ 850|Scottsdale AZ 852|Tempe AZ 852|Tucson AZ 857|Las Vegas NV 891|Reno NV 895|
Carson City NV 897|Albuquerque NM 871|Santa Fe NM 875|Boise ID 837|Coeur d'Alene ID 838|Billings MT 591|Missoula MT 598|
Cheyenne WY 820|Jackson WY 830|Seattle WA 981|Bellevue WA 980|Redmond WA 980|Spokane WA 992|Portland OR 972|
Beaverton OR 970|Bend OR 977|San Francisco CA 941|Palo Alto CA 943|Menlo Park CA 940|Mountain View CA 940|
Sunnyvale CA 940|Santa Clara CA 950|San Jose CA 951|Cupertino CA 950|Redwood City CA 940|South San Francisco CA 940|
Oakland CA 946|Pleasanton CA 945|Sacramento CA 958|Los Angeles CA 900|Santa Monica CA 904|Beverly Hills CA 902|
Burbank CA 915|Pasadena CA 911|Irvine CA 926|Newport Beach CA 926|San Diego CA 921|Carlsbad CA 920|Santa Barbara CA 931|
Westlake Village CA 913|Honolulu HI 968|Anchorage AK 995|Charleston WV 253|San Juan PR 009
""".replace("\n", "").split("|")
]  # fmt: skip

STATE_NAMES = dict(
    part.split(":")
    for part in """
AL:ALABAMA|AR:ARKANSAS|AZ:ARIZONA|CA:CALIFORNIA|CO:COLORADO|CT:CONNECTICUT|DC:DISTRICT OF COLUMBIA|DE:DELAWARE|
FL:FLORIDA|GA:GEORGIA|IL:ILLINOIS|IN:INDIANA|MA:MASSACHUSETTS|MD:MARYLAND|MI:MICHIGAN|MN:MINNESOTA|MO:MISSOURI|
NC:NORTH CAROLINA|NE:NEBRASKA|NJ:NEW JERSEY|NV:NEVADA|NY:NEW YORK|OH:OHIO|OK:OKLAHOMA|OR:OREGON|PA:PENNSYLVANIA|
RI:RHODE ISLAND|TN:TENNESSEE|TX:TEXAS|UT:UTAH|VA:VIRGINIA|WA:WASHINGTON|WI:WISCONSIN
""".replace("\n", "").split("|")
)

# city, printed state (EDGAR's foreign code, a province, or none), postal code pattern (# digit, @ letter), country
FOREIGN = [
    ("Toronto", "A6", "M#@ #@#", "CANADA"), ("Vancouver", "A1", "V#@ #@#", "CANADA"), ("Montreal", "A8", "H#@ #@#", "CANADA"),
    ("Calgary", "A0", "T#@ #@#", "CANADA"), ("London", "X0", "EC#@ #@@", "UNITED KINGDOM"), ("London", "X0", "W#@ #@@", "UNITED KINGDOM"),
    ("Edinburgh", "X0", "EH# #@@", "UNITED KINGDOM"), ("Dublin 2", "L2", "", "IRELAND"), ("Dublin", "L2", "D0# @#@#", "IRELAND"),
    ("Paris", "I0", "750##", "FRANCE"), ("Munich", "2M", "80###", "GERMANY"), ("Frankfurt am Main", "2M", "60###", "GERMANY"),
    ("Zurich", "V8", "80##", "SWITZERLAND"), ("Zug", "V8", "63##", "SWITZERLAND"), ("Geneva", "V8", "12##", "SWITZERLAND"),
    ("Amsterdam", "P7", "10## @@", "NETHERLANDS"), ("Luxembourg", "N4", "L-2###", "LUXEMBOURG"), ("Stockholm", "V7", "11# ##", "SWEDEN"),
    ("Oslo", "Q8", "02##", "NORWAY"), ("Copenhagen", "G7", "21##", "DENMARK"), ("Milan", "L6", "201##", "ITALY"),
    ("Madrid", "U3", "280##", "SPAIN"), ("Tel Aviv", "L3", "67#####", "ISRAEL"), ("Herzliya", "L3", "46#####", "ISRAEL"),
    ("Hamilton", "D0", "HM ##", "BERMUDA"), ("Pembroke", "D0", "HM ##", "BERMUDA"), ("Grand Cayman", "E9", "KY1-1###", "CAYMAN ISLANDS"),
    ("Road Tortola", "D8", "VG11##", "VIRGIN ISLANDS, BRITISH"), ("Hong Kong", "K3", "", "HONG KONG"), ("Central", "K3", "00000", "HONG KONG"),
    ("Singapore", "U0", "######", "SINGAPORE"), ("Tokyo", "M0", "10#-####", "JAPAN"), ("Seoul", "M5", "0####", "KOREA, REPUBLIC OF"),
    ("Shanghai", "F4", "200###", "CHINA"), ("Beijing", "F4", "100###", "CHINA"), ("Shenzhen", "F4", "518###", "CHINA"),
    ("Taipei", "F5", "1####", "TAIWAN, PROVINCE OF CHINA"), ("Mumbai", "K7", "400###", "INDIA"), ("Bangalore", "K7", "560###", "INDIA"),
    ("Sydney", "C3", "20##", "AUSTRALIA"), ("Melbourne", "C3", "30##", "AUSTRALIA"), ("Sao Paulo", "D5", "04###-###", "BRAZIL"),
    ("Chaoyang District, Beijing", "", "100###", "CHINA"), ("Pudong New Area, Shanghai", "", "200###", "CHINA"),
    ("Kowloon, Hong Kong", "", "", "HONG KONG"), ("Gurgaon, Haryana", "K7", "122###", "INDIA"), ("St. Helier, Jersey", "Y9", "JE# #@@", "JERSEY"),
    ("Nanshan District, Shenzhen", "F4", "518###", "CHINA"), ("Petah Tikva", "L3", "49#####", "ISRAEL"),
    ("Mexico City", "O5", "06###", "MEXICO"), ("Kuala Lumpur", "N8", "50###", "MALAYSIA"), ("Athens", "J3", "105 ##", "GREECE"),
]  # fmt: skip

COMPANY_STEMS = """
Acorn Adelphi Aerion Alder Altamont Amberley Anchor Andover Apogee Arborfield Ardent Argent Arrowpoint Ashgrove Astral
Atlas Aurelia Avalon Axiom Azure Banyan Bayfront Beacon Bellwether Blackthorn Blue-Heron Bluestem Boreal Brightwater
Broadleaf Cadence Caldera Calypso Canopy Cardinal Carbonic Cascade Castlegate Catalyst Cedarpoint Celadon Centerline
Centurion Chronos Cinder Citadel Clearbrook Cobalt Compass Concordia Copperfield Coral Cornerstone Crestline Crossfield
Cypress Dalecrest Daybreak Delphi Driftwood Duskfire Dynamo Eastbrook Echo Eclipse Elara Elmhurst Ember Emerald Encore
Endeavor Equinox Evergreen Everstone Fairhaven Falcon Fernhill Firefly First-Harbor Flagstone Foxglove Fulcrum Garnet
Genova Glacier Golden-Gate Granite Greenleaf Gridline Halcyon Halyard Harborview Hawkeye Hearth Helix Heron Highpoint
Horizon Hyperion Icefield Inland Insight Ironbridge Ivory Jasper Juno Keystone Kinetic Kingfisher Lakeland Landmark Lantern
Larkspur Latitude Ledger Liberty-Bell Lighthouse Linden Lodestar Longleaf Lumen Lynx Mainstay Marigold Mariner Meridian
Mesa-Verde Midland Millstone Mistral Monarch Moonrise Mosaic Nautilus Nebula Nextera-Vale Nimbus Nordic North-Fork
Northwind Nova Oakmont Obsidian Octave Old-Dominion Olympus Onyx Opal Orbit Orchard Osprey Outpost Pacific-Crest Palisade
Panorama Paragon Pathfinder Patriot Pebble Pelican Peregrine Phoenix Pinnacle Pioneer Polaris Prairie Prism Pulsar Quantum
Quarry Quasar Quill Radiant Rainier Rampart Raven Redstone Redwood Regent Ridgeline Riverbend Rosemont Rubicon Sable
Sagebrush Sandstone Sapphire Seaboard Sentinel Sequel Shoreline Sierra Silverline Solace Solstice Southport Spectra
Spruce-Creek Starling Steelhead Sterling Stillwater Stonewall Stratus Summit Sundance Talon Tamarack Tempest Terra
Thistle Tidewater Titan Torrent Trailhead Trident Trinity Tundra Umbra Union-Pointe Unity Valiant Vanguard-Hill Vantage
Vector Velocity Ventura Veridian Vertex-Bay Vesper Vista Vortex Wayfarer Westgate Whitestone Wildcat Willowbrook Windward
Wolverine Wyvern Xylo Yarrow Yellowtail Zenith Zephyr
""".split()
COMPANY_FIELDS = """
Technologies Systems Software Networks Semiconductor Devices Therapeutics Pharmaceuticals Biosciences Genomics
Diagnostics Medical Health Healthcare Energy Resources Petroleum Midstream Renewables Power Water Environmental
Materials Chemical Steel Mining Gold Industries Manufacturing Aerospace Robotics Instruments Motors Logistics
Transportation Airlines Shipping Foods Beverage Brands Apparel Retail Stores Restaurants Hospitality Entertainment Media
Communications Wireless Interactive Financial Bancorp Bancshares Bank Insurance Capital Trust Realty Properties
Hotels Homes Education Services Solutions Analytics Digital Data Payments Security Labs Biologics Oncology Optics
""".split()
COMPANY_SUFFIXES = """
Inc.|, Inc.|, INC.| Inc| INC| Corp| Corp.| CORP| Corporation| CORPORATION| Co| & Co| Ltd| Ltd.|, Ltd.| plc| PLC| N.V.|
 Holdings, Inc.| Holdings Inc.| HOLDINGS, INC.| Holdings Corp| Group, Inc.| Group Inc| GROUP INC| Group Ltd| LLC|, LLC|
 L.P.|, L.P.| LP| Partners LP| International Inc| Trust| REIT, Inc.| Acquisition Corp.| Enterprises, Inc.| S.A.| SE| /DE/|
 CORP /NEW/| INC /MD/| CO INC
""".replace("\n", "").split("|")  # fmt: skip
FUND_KINDS = """
Capital Partners|Ventures|Growth Partners|Capital Management|Asset Management|Investment Partners|Equity Partners|
Opportunities Fund|Master Fund|Venture Partners|Private Equity Fund|Life Sciences Fund|Principals Fund|Advisors
""".replace("\n", "").split("|")
FUND_SUFFIXES = (
    ", L.P.| L.P.| LP|, LP| LLC|, LLC|, Ltd.| GP, LLC| GP LLC| Management, L.L.C.| S.a r.l.| (Cayman) Ltd".split("|")
)
ROMAN = "II III IV V VI VII VIII IX X XI XII".split()
NAME_SUFFIXES = ("JR", "Jr.", "SR", "II", "III", "IV", "Jr", "MD", "PhD", "PH.D.", "M.D.")

OFFICER_TITLES = """
Chief Executive Officer|CEO|President and CEO|President & CEO|PRESIDENT AND CEO|Chairman and CEO|Chair & CEO|
CEO and Chairman of the Board|Executive Chairman|Executive Chair|Chief Financial Officer|CFO|EVP and CFO|
EVP, Chief Financial Officer|Senior Vice President, CFO|CHIEF FINANCIAL OFFICER|Chief Financial Officer & Treas|
SVP, CFO and Treasurer|Chief Operating Officer|COO|President and COO|EVP & Chief Operating Officer|
Chief Technology Officer|CTO|Chief Information Officer|EVP, Chief Technology Officer|Chief Legal Officer|General Counsel|
SVP, General Counsel & Secretary|GC & Corporate Secretary|EVP, Gen. Counsel & Corp. Sec|Chief Accounting Officer|
VP, Chief Accounting Officer|Principal Accounting Officer|VP and Controller|Corporate Controller|Controller|Treasurer|
VP & Treasurer|Secretary|Corporate Secretary|Chief Human Resources Officer|EVP, Chief People Officer|CHRO|
Chief Marketing Officer|Chief Commercial Officer|Chief Revenue Officer|Chief Medical Officer|Chief Scientific Officer|
Chief Strategy Officer|Chief Product Officer|Chief Risk Officer|Chief Credit Officer|Chief Investment Officer|
Chief Compliance Officer|Chief Administrative Officer|Chief Supply Chain Officer|Chief Development Officer|
Executive Vice President|EVP|Senior Vice President|SVP|Vice President|VP|Vice Chairman|Vice Chair|President|
President, North America|President, International|President - Europe & Asia|Group President|Division President|
SVP, Operations|SVP Global Sales|VP, Engineering|VP Manufacturing|EVP, Exploration & Production|VP - Corp Strategic Planning|
SVP Supply Chain & Logistics|EVP, Retail Banking|EVP, Wealth Management|Managing Director|Head of Global Markets|
Co-Founder & CTO|Founder|See Remarks|See remarks|See Remarks below|Chief Exec. Officer & President|
Pres. & Chief Oper. Officer|Sr. VP, Research & Development|Exec VP, Human Resources & Comm|Interim CEO|Co-President|
Co-Chief Executive Officer|Chief Digital Officer|Chief Sustainability Officer|President of Subsidiary|Regional President
""".replace("\n", "").split("|")
OTHER_TEXTS = """
See Remarks|See Explanation of Responses|Former 10% Owner|Member of 10% owner group|Director by Deputization|
May be deemed a member of group|Trustee|Adviser to the Fund|Affiliate of Adviser|See Footnote 1|Former Director|
Member of 13(d) group|Portfolio Manager|Investment Adviser|Advisory Board Member|Former Officer|See General Remarks|
Controlling shareholder|Settlor of voting trust
""".replace("\n", "").split("|")

COMMON_TITLES = """
Common Stock|Common Stock|Common Stock|Common Stock|Common Stock|Common Stock|Common Stock|Common Stock|Common stock|
COMMON STOCK|Class A Common Stock|Class A Common Stock|Class A common stock|Common Shares|Ordinary Shares|
Ordinary shares|Class A Ordinary Shares|Common Units|Common Stock, par value $0.01 per share|
Common Stock, $0.001 par value|Common Stock, $0.01 Par Value|Common Stock, $.01 par value|Common Stock, par value $.10|
Common Stock (restricted)|Restricted Stock|Restricted Common Stock|Common|Class B Common Stock|Class C Common Stock|
Common shares without par value|Common Shares of Beneficial Interest|Common Stock, no par value|
Common Units Representing Limited Partner Interests|American Depositary Shares|Series A Common Stock|
Common Stock, $1.00 par value per share|Class A Common Stock, par value $0.0001 per share|Shares of Beneficial Interest|
Ordinary Shares, nominal value $0.01 per share|Common Stock - Voting|Capital Stock|Subordinate Voting Shares|
Depositary Shares|Common Stock/Class A|Class A Common Stock (1,000 vote)|Phantom Common
""".replace("\n", "").split("|")
OPTION_TITLES = """
Stock Option (Right to Buy)|Stock Option (right to buy)|Employee Stock Option (Right to Buy)|Stock Options|
Non-Qualified Stock Option (right to buy)|Non-qualified Stock Option|Option to Purchase Common Stock|
Director Stock Option (Right to Buy)|Incentive Stock Option (right to buy)|Employee Stock Option|Stock Option|
Option to Buy|Options (Right to Buy)|Stock Appreciation Rights|Stock Appreciation Right|Common Stock Option
""".replace("\n", "").split("|")
UNIT_TITLES = """
Restricted Stock Units|Restricted Stock Units|Restricted Stock Unit|Restricted Share Units|RSU|RSUs|
Restricted Stock Units (RSU)|Performance Stock Units|Performance Share Units|Phantom Stock|Phantom Stock Units|
Phantom Units|Deferred Stock Units|Deferred Stock Unit|Deferred Share Units|Stock Units|Dividend Equivalent Rights|
Dividend Equivalents|Performance-Based Restricted Stock Units|Market Stock Units|LTIP Units|Deferred Units|Share Units
""".replace("\n", "").split("|")
CONVERTIBLE_TITLES = """
Series A Preferred Stock|Series B Preferred Stock|Series C Preferred Stock|Series C-1 Preferred Stock|
Series Seed Preferred Stock|Series D Convertible Preferred Stock|Series A Redeemable Convertible Preferred Stock|
Class B Common Stock|Class F Common Stock|Convertible Promissory Note|Convertible Note|5.25% Convertible Senior Notes|
Operating Partnership Units|Class B Units|LLC Units|Class B Ordinary Shares|Common OP Units
""".replace("\n", "").split("|")
WARRANT_TITLES = """
Warrants|Warrant|Common Stock Warrants|Warrant (right to buy)|Warrants to Purchase Common Stock|Pre-Funded Warrants|
Series A Warrants|Private Placement Warrants|Call Option (right to buy)|Put Option (obligation to buy)|
Forward Sale Contract (obligation to sell)|Cash-Settled Total Return Swap|Exchange Traded Put Option
""".replace("\n", "").split("|")
NATURES = """
By Trust|By Trust|By Trust|by Trust|By trust|See Footnote|See Footnote|See Footnote|See footnote|See Footnotes|By Spouse|
By spouse|By Wife|By Husband|Spouse|By Son|By Daughter|By Children|By child|By 401(k) Plan|401(k) Plan|By 401(k)|401(k)|
By Family Trust|By family trust|By Family LLC|By LLC|By Limited Partnership|By Partnership|By Fund|By IRA|IRA|
By Roth IRA|By Corporation|By Foundation|By Estate|By ESOP|ESOP|By Grantor Retained Annuity Trust|By GRAT|
By Irrevocable Trust|By Revocable Trust|By Living Trust|Held by Trust|As custodian for minor children|By custodian for child|
Custodian for Daughter|By Supplemental 401(k) Plan|By Savings Plan|By Employee Stock Purchase Plan|By Managed Account|
By Deferred Compensation Plan|By Charitable Remainder Trust|By Spouse's Trust|By Trusts f/b/o children|By Subsidiary|
By Spouse's IRA|By Profit Sharing Plan|Through holding company|By Keogh|By Dynasty Trust
""".replace("\n", "").split("|")
MONTHS = "January February March April May June July August September October November December".split()
