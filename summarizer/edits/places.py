"""Names that are known to be places, people or bodies, and which may replace which: data only."""

COUNTRIES = """
Afghanistan|Algeria|Argentina|Australia|Austria|Bangladesh|Belgium|Bolivia|Brazil|Bulgaria|Cambodia|
Cameroon|Canada|Chile|China|Colombia|Croatia|Cuba|Cyprus|Denmark|Ecuador|Egypt|Estonia|Ethiopia|
Finland|France|Georgia|Germany|Ghana|Greece|Haiti|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|
Israel|Italy|Jamaica|Japan|Jordan|Kenya|Kosovo|Kuwait|Latvia|Lebanon|Libya|Lithuania|Malaysia|Mali|
Malta|Mexico|Morocco|Myanmar|Nepal|New Zealand|Niger|Nigeria|North Korea|Norway|Pakistan|Panama|
Peru|
Poland|Portugal|Qatar|Romania|Russia|Rwanda|Saudi Arabia|Senegal|Serbia|Singapore|Slovakia|Slovenia|
Somalia|South Africa|South Korea|Spain|Sri Lanka|Sudan|Sweden|Switzerland|Syria|Taiwan|Tanzania|
Thailand|Tunisia|Turkey|Uganda|Ukraine|Uruguay|Venezuela|Vietnam|Yemen|Zambia|Zimbabwe|
Scotland|Wales|England|Northern Ireland|Britain|America
"""
THE_COUNTRIES = """
United States|United Kingdom|Netherlands|Philippines|Czech Republic|United Arab Emirates|
U.S.|US|UK|U.K.
"""
CITIES = """
Amsterdam|Ankara|Athens|Atlanta|Baghdad|Bangkok|Barcelona|Beijing|Beirut|Belfast|Berlin|Birmingham|
Boston|Bristol|Brussels|Bucharest|Budapest|Buenos Aires|Cairo|Cape Town|Cardiff|Chicago|Copenhagen|
Dallas|Damascus|Delhi|Denver|Detroit|Dubai|Dublin|Edinburgh|Frankfurt|Geneva|Glasgow|Hamburg|Hanoi|
Havana|Helsinki|Hong Kong|Houston|Istanbul|Jakarta|Jerusalem|Johannesburg|Kabul|Karachi|Kiev|Kyiv|
Lagos|Lahore|Las Vegas|Leeds|Leicester|Lima|Lisbon|Liverpool|London|Los Angeles|Lyon|Madrid|
Manchester|Manila|Marseille|Melbourne|Mexico City|Miami|Milan|Minneapolis|Montreal|Moscow|Mumbai|
Munich|Nairobi|Naples|New Delhi|New York|Newcastle|Oslo|Oxford|Paris|Perth|Philadelphia|Phoenix|
Prague|Rio de Janeiro|Riyadh|Rome|San Diego|San Francisco|Santiago|Sao Paulo|Seattle|Seoul|Shanghai|
Sheffield|Southampton|Stockholm|Sydney|Taipei|Tehran|Tel Aviv|Tokyo|Toronto|Tripoli|Tunis|Turin|
Vancouver|Venice|Vienna|Warsaw|Washington|Zurich
"""
STATES = """
Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Hawaii|Idaho|
Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|
Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|North Carolina|
North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|
Texas|Utah|Vermont|Virginia|West Virginia|Wisconsin|Wyoming
"""
DEMONYMS = """
American|British|Chinese|French|German|Spanish|Italian|Russian|Japanese|Indian|Canadian|Australian|
Mexican|Brazilian|Turkish|Greek|Dutch|Swedish|Norwegian|Danish|Finnish|Polish|Ukrainian|Iranian|
Iraqi|
Israeli|Egyptian|Saudi|Syrian|Pakistani|Nigerian|Kenyan|Irish|Scottish|Welsh|English|Portuguese|
Belgian|Swiss|Austrian|Hungarian|Romanian|Korean|Vietnamese|Thai|Indonesian|Malaysian|Argentine|
Chilean|Colombian|Cuban|Libyan|Lebanese|Palestinian|Afghan|European|African|Asian
"""
MEN = """
Adam|Alan|Albert|Alex|Alexander|Alfred|Ali|Andrew|Andy|Anthony|Antonio|Arthur|Barack|Ben|Benjamin|
Bernard|Bill|Bob|Boris|Brian|Bruce|Carl|Carlos|Charles|Chris|Christian|Christopher|Colin|Craig|Dan|
Daniel|Darren|Dave|David|Dennis|Diego|Donald|Douglas|Edward|Eric|Frank|Fred|Gareth|Gary|George|
Gordon|Graham|Greg|Harry|Henry|Hugh|Ian|Jack|Jacob|James|Jason|Jeff|Jeremy|Jim|Joe|John|Jonathan|
Jordan|Jose|Joseph|Joshua|Juan|Julian|Justin|Karl|Keith|Kenneth|Kevin|Larry|Lee|Leo|Lewis|Liam|
Louis|
Luis|Luke|Marc|Marco|Mark|Martin|Matt|Matthew|Michael|Mike|Mohamed|Mohammed|Muhammad|Neil|Nicholas|
Nick|Nigel|Oliver|Oscar|Patrick|Paul|Pedro|Peter|Phil|Philip|Rafael|Ralph|Ray|Richard|Rob|Robert|
Roger|Ron|Ryan|Sam|Samuel|Scott|Sean|Sergio|Shane|Simon|Stephen|Steve|Steven|Stuart|Terry|Thomas|
Tim|Tom|Tony|Vincent|Vladimir|Walter|Wayne|William
"""
WOMEN = """
Alice|Amanda|Amy|Andrea|Angela|Anna|Anne|Barbara|Betty|Caroline|Catherine|Charlotte|Christine|
Claire|
Deborah|Diana|Elizabeth|Ellen|Emily|Emma|Fatima|Fiona|Hannah|Helen|Hillary|Isabel|Jane|Janet|
Jennifer|Jessica|Joan|Judith|Julia|Julie|Karen|Kate|Katherine|Kathleen|Kelly|Laura|Linda|Lisa|Lucy|
Margaret|Maria|Marie|Martha|Mary|Melissa|Michelle|Nancy|Nicola|Nicole|Olivia|Pamela|Patricia|Rachel|
Rebecca|Ruth|Sandra|Sarah|Sharon|Sophie|Stephanie|Susan|Theresa|Victoria|Virginia|Yvonne
"""
BODY_WORDS = frozenset(
    """
    inc corp corporation ltd llc plc co company gmbh group bank university college institute school
    ministry department agency police court council commission committee parliament senate congress
    party union association federation league club united city fc rovers hospital church museum
    airlines airways motors energy foundation fund trust bureau office authority service services
    times post news journal tribune herald guardian army navy force board society organisation
    organization international technologies systems partners holdings pharmaceuticals
    """.split()
)
"""Words of names of companies, offices and clubs."""
FAITHS = """
Islamic|Christian|Muslim|Catholic|Jewish|Protestant|Hindu|Buddhist|Sikh|Orthodox
"""
PARTIES = """
Republican|Democrat|Labour|Conservative|Liberal
"""
ROAD_WORDS = frozenset(
    "street road avenue river lake mountain mount island islands bay beach airport park square "
    "county province valley bridge sea ocean coast".split()
)
"""Words of names of places."""
