"""Stems of common English words, to tell the first word of a sentence from a name: data only.

Counted over public news text: words that stand at least eight times as often in lower case as
capitalised inside a sentence, and a few by hand.
"""

COMMON_STEMS = frozenset(
    """
abandon abbrevi abil abl aboard abort abov abroad absenc absolut absorb abund abus acceler
accept accid acclaim accolad accommod accompani accomplish accord accumul accur accuraci accus
achiev acid acknowledg acquir action activ activist actual acut adapt add addit adequ adher
adjust administ admir admit adopt advanc advantag advic advis aerosol affect affili afford
afternoon afterward aggress ago agre agreement ahead aim aircraft airlin alarm album alcohol
alleg allow almost alon alongsid alreadi alter altern alway amount analys analyst analyz
ancestor anchor anger angri ani anniversari announc anonym anoth answer anterior anti antibiot
antibodi anticip antivir anxieti anybodi anymor anyon anyth anyway anywher apolog appar appear
appli applic appoint appreci approach appropri approv approxim archaeolog architectur area aren
argu argument arrang array arrest arriv arrow artifici artwork asid ask aspect aspir assault
assay assert assess assign assum assur asymptomat atmospher attach attack attempt attend attent
attitud attract attribut auction audienc author automat avail averag avoid awar away back
background backup bacteria bag bail balanc ballot ban band bank bare barrier basal base basi
bassist bat batteri beat beaten becam becaus becom bed bedroom befor begin behalf behavior
behaviour behind belief believ benefit besid better beverag beyond bias bid bike billion bin
bind biograph bipartisan birth bit bite blame blast bleed block blockbust blogger blow board
boast bodi boil bomb boost border born borrow boss bottl bottom boundari boxer boyfriend brain
breach break breast breath briefli brilliant bring broad budget build bunch buri burst bus buse
businessman buy cabl calcul call calm camera campaign cancer candid cannabi cap capabl capac
captur cardiovascular care career carmak carpet carri carrier case cash casualti catch caus
celebr cell cellular cent ceremoni certain chanc chang chao charact character characterist charg
chat check cheer cheerlead chemic chest child chipmak choos choreograph cigarett circul circumst
cite citi citizen civilian claim clarifi class classifi clear click client climb clip close
closest cloth coal coin coincid collabor collaps colleagu collect collis colour combin come
comedian comfort commemor commenc comment commerci commit companion compar comparison compel
compens compet competit compil complain complaint complet complex complic compon compos compound
comprehens compris compromis conceiv concentr concept concern conclud conclus concret condemn
condit conduct confess confid confirm conflict confront confus conglomer connect conscious
consecut consent consequ consid consider consist consol constant constitu construct consum
consumpt contact contain contamin contend context contin continu contract contrast contribut
control controversi convers convert convict convinc cooki cool copyright core coronavirus correl
correspond corrupt cost cough couldn counter counterpart countri coup coupl cours court courtesi
courtroom cousin cover crack craft crash creat creation crew crime crimin criteria critic crowd
crucial crush current currently custodi custom cut cycl cytokin damag dancer danger data
daughter deal dealer death debat debri debt debut decad decid decis declar declin decor decreas
dedic deem deeper deepli defeat defect defend defin definit degre delay deleg delet deliber
delight deliv demand demonstr dens densiti departur depend depict deploy deposit deriv descend
describ descript deserv desir desper despit destin destroy destruct detail deterior determin
devast develop developer devic devot diagnos dialogu dictat didn diet differ differenti
difficult difficulti dig dinosaur diploma diplomat direct disagre disappear disappoint disband
discharg disclos discount discov discoveri discrimin discuss dismiss disord displac display
dispos disput disqualifi disrupt distanc distinct distract distress distribut disturb divers
divid doctor document doe doesn dollar domain domest donat donor door dose doubt downtown dozen
draft drag drama draw dress drink drive driver drone drop droplet drought drug drum drummer dub
due durat dure duti dynam dynasti ear earli earlier earliest earn earthquak eas easi easier
easili eat economist effect efficaci effici effort egg eight elabor elder eldest elect element
elev eleven elig elimin els elsewher embargo embark embarrass emerg emergenc emot emphas employ
employe empti enabl encompass encount encourag end endors endur energi engag engin enhanc enjoy
enlist enorm enough enrol ensur enter enthusiast entir entiti entitl entranc entrepreneur entri
environ enzym epidem episod epitheli equal equip equival error erupt escal escap especi essenti
establish estim et etc ethnic evacu event eventu everi everybodi everyon everyth evid evolv ex
exact examin exampl excav exceed except excess excit exclud exist expand expans expect expens
experi experienc experiment expert explain explicit exploit explor explos expos exposur extend
extens extent extern extinct extra extract extraordinari extrem face facil facilit fact factor
fail failur fake fals famili familiar famous fan far fare farmer fascin fashion faster fastest
fatal fate father favor favour favourit fear feather featur fee feedback feel feloni femal fenc
fewer fiction fierc fifth fight figur file fill film filmmak final financi find finish firefight
firm first fiscal fisherm fit five fix flat flee flip float flood flow fluctuat focus folk
follow foot footag forev form formal format former forth forward fossil found founder four
fourth fractur fragment franchis frequent friend front fruit frustrat fulfil full fulli function
fundament fundrais funer funni further fusion gain gap gas gather gay gene generat generous
genet genom genr get girlfriend give go goal goalkeep goe govern grab grade gradual grain
grandfath graphic grate greatest grid ground grow guarante guest guilti guitar guitarist gut
habit hack hadn hail hair half halt hamster hand handl happen hard harder harm harsh hashtag
hasn hate head headach headlin headquart healthi hear heard heavili heir helicopt help heroin
hike hiker hip hire hit hold honest hop hope host hour household howev huge humbl humor hundr
husband icon idea ideal ident identifi ignor ill illeg imagin immedi immens immigr immun impact
impair implement implic import impos imposs impress imprison improv inactiv inappropri inaugur
incid includ inclus incom incorpor increas inde indic indict individu induc induct inevit infant
infect inflamm inflammatori influenc influenti influenza infrastructur inhabit inherit inhibit
inhibitor initi inject injur injuri inmat inner insert insid insist inspir instal instanc
instead instruct instrument intak integr intellectu intend intens intensifi intent interact
interest interfer internal interpret interval intervent interview introduc introduct invas
investig investor invit involv isn isol issu item jail job join joke journalist judgment jump
juri juror justifi keen keep kick kidnap kidney kill kind knee knife knock know label lack
landmark landscap languag larg last late later lateral latest latter laugh launch lawmak lawsuit
lawyer lay layer lead leak learn leas leav leg legaci legal legisl legitim lender length lesbian
lesson let lethal level lift limit lineag lineup link liquid listen liter literari liver load
loan local locat lockdown log long longer longest longtim look loos lose loss lot low lower lung
luxuri lyric macaqu macrophag magnet magnitud maintain make mani manifest manipul manner
manufactur manuscript margin marijuana marri marriag mask massiv match mate materi mathemat
matter maximum mayb mean meanwhil measur mechan mediat mediev medium meet member memo mental
mention mere mess messag metabol mice mid midfield migrant mild milit militari million minim
minimum minut mistak mitig model moder modifi modul molecul moment momentum monarch money
monitor monocyt monopoli month mortal mortgag most mother motiv mourn mous mouth move multi
multipl mum municip murder muscl musician mutat mytholog name narrat narrow nasal nationalist
navel near nearbi necessari necessarili neck need negat negoti neighbor neighborhood neighbour
neither nervous neuron neutral newli newspap next nicknam ninth nobodi nois nomin nomine non
none nonprofit normal nose notabl note noth notic notion notori notwithstand novel novelist
nuclear number numer nurs oath obes object oblig observ obsess obtain obvious occas occasion
occup occupi occur odd offend offens offer offici often oil onc one ongo onli onto oper opinion
oppon opportun oppos opposit opt optim option orbit ordinari organ organis organism origin
otherwis ourselv outbreak outcom outfit outlet outlin outrag outsid overal overcom overlook
overse overwhelm owe owner oxygen pack packag pain paint painter pair pandem panel parallel
parent parliament part partial particip particl particular pass passeng passport past path
pathogen pathway patient pattern pay peer penalti pend pension peopl perceiv percent percentag
percept perfect perhap period perman permiss permit persist person personnel persuad pet phone
photograph phrase piec pilot pin pioneer pit pitch pitcher place placebo plaintiff plan plane
plant plasma plastic play player playoff plea plead pleas pleasur plenti plot pneumonia poem
point polit politician poll poor popul popular portion portray pose posit possess possibl
posterior posthum potent potenti pour poverti pp practic prais pre preced precis predict
predomin prefer pregnanc pregnant preliminari prepar presenc present preserv presidenti pressur
prestigi preval previous priest primari primarili prior prioriti prison privileg probabl problem
procedur proceed process produc product profess profession profit profound progress prolong
promin promot prompt pronounc proof proper properti proport propos prosecut prosecutor prostitut
protagonist protect protein protest proud prove proven provid psycholog publish pull pump punch
punk pupil purchas pure purpos pursu push put qualiti quarter quarterback question quick quit
racial radiat radic raid rail rais ralli rape rapid rapper rare rate rather ratio re reach react
reaction reader readi realis realist realiti realiz realli reason rebel recal receiv recent
receptor recess recogn recognis recognit recommend recov recruit recur reduc reduct refer
referenc reflect refuge refus regardless regim region regret regul regular regulator rehears
reign reinforc reject relat relationship relax releas releg relev reli reliabl reliev religi
religion reloc remain remak remark rememb remind remot remov renam renown rent reopen repair
repeal repeat replac replic report represent repris reproduct reput request requir rescu resembl
resid residenti resign resist resolv reson respect respiratori respond respons rest restaur
result resum retail retain retir retreat return reunit reveal revel revenu revers reward rid
ridicul risk rival rivalri robberi robust role romant root rough rout routin rumor run rural sad
safe salari sampl sanction sat satellit satir satisfi say scale scenario scene schedul scheme
scientif scientist score scrambl screenwrit script seal season seat second sector see seed seek
seem segment seiz self sell semi send sens sensit sentenc sentiment separ sequel sequenc serial
serious serum serv server set settl settlement seven seventh sever sexual share shareholder shed
ship shirt shock shoe shoot shooter short shot shoulder shouldn shout show showcas shut shutdown
sick side sight sign signal signatur signific silenc similar simpl simpli simultan sinc singl
sit sitcom site situat six sixth size skill skull slave slight slip slot slow slowli small
smaller smartphon smell smoke smooth soap social soda softwar sole solid solo solv somebodi
somehow someon someth sometim somewhat son songwrit soon sorri sort sound soundtrack sourc
sovereign spacecraft spam span speak speci specif specimen specul speed spell spend split
spokesman spokesperson spokeswoman spot spotlight spread stab stabil stabl stage stand start
startup statement status stay steal stem step stick stimul stomach stop storag storm straight
strain strateg strength strengthen stress stretch strict strike striker stroke strong structur
struggl stuck student studi stuff stun stunt stupid style styliz su sub subject submiss submit
subpoena subscrib subsequ subsidiari substanti substitut subtl suburb succeed success successor
sudden suffer suffici suggest suicid suit suitabl sum superhero supervis supplement suppli
suppos suppress sure surfac surg surgeri surpris surrend surround surviv suscept suspect suspend
suspens sustain sweep symbol symptom tackl take tape target tax taxpay teacher tear technic
techniqu teeth telephon televis tell temperatur temporari temporarili tend tension tenur terribl
terrorist testifi testimoni text thank theatric theme themselv therapeut therapi therefor thick
thing think third thought thousand threat threaten three thriller throughout throw tie tight
tini tire tissu titl today togeth toilet toler toll tomorrow tone tortur total touch tough
tourist trace tract trademark trader tradit traffic traffick trait transcript transfer transform
transit translat transmiss transmit treat treatment tree tremend tri trial tribun tribut trick
trigger trio trip troubl truck truli truth tumor turn tweet twenti twice two type typic uh ultim
um unabl unclear uncov undergo undergradu undermin understand underway undocu unexpect unfair
unfortun uniform union uniqu uniti unlik unoffici unpreced unsuccess unusu unveil upcom upgrad
upset urg urgent usag use user usual vaccin valid valu vari variabl variant variat various vast
vehicl ventil venu verdict veri verifi version versus vertic vessel veto victim victori viewer
violat violenc violent viral virus visibl visit vital vitamin vitro vivo vocalist voic volunt
von vote voter vow vs vulner wait wake want warehous warm warn wasn wave way weak wealth wealthi
weapon wear websit weigh weight weightlift welcom weren whatev wheel wherea whi whole wide wider
widespread win wireless wish wit withdraw without word work worker workplac worldwid worri wors
wouldn wound wrap wrestler write writer wrong www year yellow yes yesterday yield younger
youngest
""".split()
)
