"""Who says it: voices, nesting, kinds and forces."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegedly
from allegedly.reading.quotations import joined
from allegedly.records import RawAttribution, Reading


def sources(reading: Reading, voice: str) -> list[str]:
    text = reading.article.text
    return [text[a:b] for x in reading.attributions if x.id == voice for a, b in x.source]


@pytest.mark.parametrize(
    ("sentence", "word", "source"),
    [
        ("The mayor said that soldiers had burned the market.", "burned", ["The mayor"]),
        ("Soldiers had burned the market, the mayor said.", "burned", ["the mayor"]),
        ('"Soldiers burned the market," the mayor told reporters.', "burned", ["the mayor"]),
        ("According to the mayor, soldiers burned the market.", "burned", ["the mayor"]),
        ("Soldiers burned the market.", "burned", []),
        ("We believe that soldiers burned the market.", "burned", []),
        ("The US said that soldiers burned the market.", "burned", ["The US"]),
        ("Soldiers burned the market, the army held the bridge.", "burned", []),
        ("Let us not forget that soldiers burned the market.", "burned", []),
        ("Suppose that soldiers burned the market.", "burned", []),
        ("Soldiers burned the market, one of the traders guessed.", "burned", ["one of the traders"]),
        ("The truce broke, the mayor maintains, because soldiers had burned the market.", "burned", ["the mayor"]),
        ("The truce broke, the mayor maintains, though soldiers had burned no market.", "burned", []),
        ("Soldiers burned the market; the records tell another story.", "burned", []),
        ("The panel could not establish whether the men who burned the market were soldiers.", "burned", []),
        ("The guards have threatened to strike over the murder of a colleague.", "murder", []),
        ("In no instance did soldiers burn the market, the panel of jurists held.", "burn", ["the panel of jurists"]),
        ("In the words of the mayor, soldiers had burned the market.", "burned", ["the mayor"]),
        ("By the mayor's account, soldiers burned the market.", "burned", ["the mayor"]),
        ("In view of the drought, soldiers guarded the market.", "guarded", []),
        ("Soldiers, accused by traders of burning the market, have left.", "burning", ["traders"]),
        ("Soldiers burned the market, three women who fled the city told the Osk Courier.", "burned", ["three women who fled the city"]),
        ("Nobody knows who burned the market.", "burned", []),
        ("As the mayor put it, the army had burned the market for fun.", "burned", ["the mayor"]),
        ("The clerk said that, according to the mayor, soldiers had burned the market.", "burned", ["the mayor"]),
        ("Soldiers burned the market, traders told the Osk Courier.", "burned", ["traders"]),
        ("A clerk said that the judge had told the jury that no farmer was beaten.", "beaten", ["the judge"]),
        ("The mayor accused the soldiers of burning the market.", "burning", ["The mayor"]),
        ("The union urged the president to resign.", "resign", ["The union"]),
        ("Soldiers looted the museum, the curator told the newspaper.", "looted", ["the curator"]),
        ("The council condemned Kestria's attack on the harbour.", "attack", []),
        ("The prosecutor charged the banker with fraud and froze his assets.", "froze", []),
        ("Police fired tear gas at demonstrators who had blocked the road.", "blocked", []),
        ("The president must understand that the reform ruined the farmers.", "ruined", []),
        ("The president understands that the reform ruined the farmers.", "ruined", ["The president"]),
        ("The dam must be finished by May, insisted the premier.", "finished", ["the premier"]),
        ("Troops had left the valley, claimed the governor.", "left", ["the governor"]),
        ("Osk's guards, survivors told the Courier, burned the ferry.", "burned", ["survivors"]),
        ("Nobody was hurt in the raid, the army insisted, and no soldier left his barracks.", "left", ["the army"]),
        ("The widow asked the court to try the colonel, whom she holds responsible.", "holds", []),
        ("Osk promised to send doctors to the islands hit by the storm.", "hit", []),
        ("The cabinet dismissed the minister who had championed the tax.", "championed", []),
        ("The watchdog documented forty cases in which soldiers had beaten farmers.", "beaten", ["The watchdog"]),
        ("The arrest of two editors drew criticism from the guild.", "arrest", []),
        ("The Courier reported that the cabinet had sold the mill, a claim that the governor dismissed as fantasy.", "dismissed", []),
        ("A report by the bar association shows that police tortured detainees.", "tortured", ["A report by the bar association"]),
        ("The army moved two brigades to the ridge, according to intercepted radio traffic.", "moved", ["intercepted radio traffic"]),
        ("Rebels healed the farmers and, according to the mayor, robbed no trader.", "healed", []),
        ("Rebels healed the farmers and, according to the mayor, robbed no trader.", "robbed", ["the mayor"]),
        ("Had the guards not come, elders in Osk believe, the mob would have killed the pilot.", "come", ["elders in Osk"]),
        ("The rebels have not rejected the plan, their envoy says, but they will not sign it.", "sign", ["their envoy"]),
        ("The mayor may veto the bill, his spokeswoman hinted, and could ask the elders to rewrite it.", "ask", ["his spokeswoman"]),
        ("It is far from certain that the envoys will meet the exiles.", "meet", []),
        ("Is the mayor afraid to prosecute the donors of the guild?", "prosecute", []),
        ("Who ordered the killing of the ferryman?", "killing", []),
        ("The council brushed aside reports that it had sold the harbour.", "sold", ["The council"]),
        ("The abbot scolded the guild for closing the market.", "closing", ["The abbot"]),
        ("The pilot is said by prosecutors to have hidden the logs.", "hidden", ["prosecutors"]),
        ("The dam, herders maintain, drowned two valleys.", "drowned", ["herders"]),
        ("The charter, two envoys caution, has not been read by the regent.", "read", ["two envoys"]),
        ("The regent spared the poets, or so his cousin claims.", "spared", ["his cousin"]),
        ("Does anybody believe that the regent will spare the poets?", "spare", []),
        ("It remains unclear whether the regent spared the poets.", "spared", []),
        ("Few trust the steward's story that bandits robbed the mint.", "robbed", ["the steward"]),
        ("Satellite images appear to show that the dam has burst.", "burst", ["Satellite images"]),
        ("Bandits burned the mill, footage appears to show.", "burned", ["footage"]),
        ("The two camps had signed a secret pact in May, an energy lobbyist confided.", "signed", ["an energy lobbyist"]),
        ("The regent had sold the island, a customs broker implied.", "sold", ["a customs broker"]),
        ("The elders advised the rebels to lay down their arms.", "lay", ["The elders"]),
        ("The guilds petitioned the viceroy to open the harbour.", "open", ["The guilds"]),
        (
            "No captured airman was mistreated, a delegate of the Society of Mercy reported.",
            "mistreated",
            ["a delegate of the Society of Mercy"],
        ),
        ("Had it not been for the abbot, claims the new chronicle, the bandits would be hunting us.", "hunting", ["the new chronicle"]),
        ("One may dislike the front and still admit that it feeds the valley.", "feeds", []),
        ("Should the abbot resign, confided a novice, the bishops will arm the farmers.", "arm", ["a novice"]),
        ("The guild treasurer, so the porter swore in court, burned the ledgers.", "burned", ["the porter"]),
        ("Kestria has arrested no envoys, its consul assured the reporters.", "arrested", ["its consul"]),
        ("The bank has agreed, a union official told the radio, to refinance Osk.", "refinance", ["a union official"]),
        ("The bishop is not, his secretary stresses, calling on the farmers to take up arms.", "calling", ["his secretary"]),
        ("Several monks were beaten at the mill, monitors report.", "beaten", ["monitors"]),
        ("The dam has drowned two valleys, herders in Osk report.", "drowned", ["herders"]),
        ("The garrison has not been reinforced, whatever the pamphlets say.", "reinforced", []),
        ("Even supposing that the guards overstepped their orders, nobody was hurt.", "overstepped", []),
        ("But say he had sold the rifles: who would know?", "sold", []),
        ("It is false, the steward said, that the mill hid smugglers.", "hid", ["the steward"]),
        ("Weavers were told by a clerk that the bridge would be mined.", "mined", ["a clerk"]),
        ("Did the harbour board ever repay the fishermen?", "repay", []),
        ("The pilot is said by prosecutors to have hidden the boats.", "hidden", ["prosecutors"]),
        ("The steward dismissed rumours that soldiers had burned the market.", "burned", ["The steward"]),
        ('"Lower the bread tax," read the sign of a baker.', "Lower", ["the sign of a baker"]),
    ],
)
def test_voices(sentence: str, word: str, source: list[str]) -> None:
    reading = allegedly.read(sentence)
    at = sentence.index(word)
    found = next(s for s in reading.statements if any(a <= at < b for a, b in s.predicate))
    assert sources(reading, found.voice) == source


@pytest.mark.parametrize(
    ("sentence", "word", "status", "hearsay"),
    [
        ("Guards reportedly beat the pilot.", "beat", "actual", True),
        ("The mayor is said to have hidden the letters.", "hidden", "actual", True),
        ("It is rumoured that the miners sank the ferry.", "sank", "actual", True),
        ("The mayor is believed to have hidden the letters.", "hidden", "actual", True),
        ("The mayor reportedly urged the miners to leave.", "urged", "actual", True),
        ("The mayor is believed to hide the letters.", "hide", "possible", False),
        ("The mayor is believed to be ill and to have hidden nothing.", "ill", "possible", False),
        ("The mayor supposedly hid the letters.", "hid", "possible", False),
    ],
)
def test_hearsay_is_told_by_somebody_unnamed(sentence: str, word: str, status: str, hearsay: bool) -> None:
    reading = allegedly.read(sentence)
    at = sentence.index(word)
    found = next(s for s in reading.statements if any(a <= at < b for a, b in s.predicate))
    assert found.status == status
    assert (found.voice != "author", found.sourcing) == (hearsay, "unnamed" if hearsay else "none")
    assert sources(reading, found.voice) == []
    assert all(a.source == () for a in reading.attributions if a.id == found.voice)


@pytest.mark.parametrize(
    ("text", "word", "source"),
    [
        ("The bridge must go.\n\nThe governor added:\n\nNobody repaired the dam. It leaks.\n\nFarmers left.", "repaired", ["The governor"]),
        ("“They burned our market and nobody came.” — Ilse Varga", "burned", ["Ilse Varga"]),
        ("The envoy plans to visit Osk on Sunday, according to a campaign aide.", "visit", ["a campaign aide"]),
        ("The Courier reported that the army had burned the mill, a claim that the governor dismissed.", "dismissed", []),
        ("The general said that his men had taken the town, a boast the rebels deny.", "deny", []),
    ],
)
def test_announced_and_signed_quotations(text: str, word: str, source: list[str]) -> None:
    reading = allegedly.read(text)
    found = next(s for s in reading.statements if any(text[a:b] == word for a, b in s.predicate))
    assert sources(reading, found.voice) == source


@pytest.mark.parametrize(
    ("text", "cue", "source"),
    [
        ("Ilse Varga, the mayor of Osk, complained that it leaked and promised that the town would mend it.", "promised", "Ilse Varga, the mayor of Osk,"),
        ("Ilse Varga, the mayor of Osk, complained that it leaked and promised that the town would mend it.", "complained", "Ilse Varga, the mayor of Osk,"),
        ("The envoys, who left early but regretted that the talks had failed, met in Osk.", "regretted", "who"),
        ("The envoys left early but regretted that the talks had failed.", "regretted", "The envoys"),
        ("The mayor defended the dam, mocked the press and said that farmers had burned the market.", "defended", "The mayor"),
        ("The council appears to have sold the mill.", "appears", None),
        ("Mayor Ilse Varga was quick to embrace the plan, saying that farmers had lied.", "was quick to embrace", "Mayor Ilse Varga"),
    ],
)  # fmt: skip
def test_sources_of_cues(text: str, cue: str, source: str | None) -> None:
    found = next(a for a in allegedly.read(text).attributions if cue in [text[s:e] for s, e in a.cue])
    assert [text[s:e] for s, e in found.source] == ([source] if source else [])


@pytest.mark.parametrize(
    ("before", "between", "quotation", "carried"),
    [
        ("said Robert Olmar of the guild", ".\n\n", "“Farmers fled.”", True),
        ("said Robert Olmar", ". ", "‘Farmers fled.’", True),
        ("said Robert Olmar", ". The army left. ", "“Farmers fled.”", False),
        ("said Robert Olmar", ".\n\n", "Farmers fled", False),
        ("said", ".\n\n", "“Farmers fled.”", False),
    ],
)
def test_quotations_are_carried_on(before: str, between: str, quotation: str, carried: bool) -> None:
    text = f"“It leaks,” {before}{between}{quotation}"
    at = len("“It leaks,” ")
    source = ((at + 5, at + len(before)),) if len(before) > 4 else ()
    first = RawAttribution(source, ((at, at + 4),), ((0, at - 1),), 0.9)
    second = RawAttribution((), (), ((len(text) - len(quotation), len(text)),), 0.9)
    expected = [replace(first, content=first.content + second.content)] if carried else [first, second]
    assert joined(text, (first, second)) == expected


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            '"They bombed the ferry without warning," said Anka Dolm, a nurse on board, "and then they sailed off."',
            ["Anka Dolm, a nurse on board"],
        ),
        ('"They bombed the ferry," said Anka Dolm. The army calls it "a lie that sailed off".', ["The army"]),
    ],
)
def test_quotations_go_on_after_their_speaker(text: str, source: list[str]) -> None:
    reading = allegedly.read(text)
    at = text.index("sailed")
    found = [s for s in reading.statements if any(a <= at < b for a, b in s.predicate)]
    assert [sources(reading, s.voice) for s in found] == [source]


def test_nested_attributions_have_their_parents() -> None:
    reading = allegedly.read("A clerk said that the judge had told the jury that no farmer was beaten.")
    inner = next(a for a in reading.attributions if a.parent)
    outer = next(a for a in reading.attributions if a.id == inner.parent)
    assert outer.content[0][0] <= inner.cue[0][0]
    assert inner.content[0][1] <= outer.content[0][1]


@pytest.mark.parametrize(
    ("sentence", "kind", "force"),
    [
        ('"We will not leave," the general said.', "direct", "says"),
        ("The general said that they would not leave.", "indirect", "says"),
        ("The general said that they would “never, ever” leave.", "mixed", "says"),
        ("The general denied that soldiers had burned the market.", "indirect", "denies"),
        ("The general claimed that rebels had burned the market.", "indirect", "asserts"),
        ("The general admitted that soldiers had burned the market.", "indirect", "concedes"),
        ("The general believes that rebels burned the market.", "indirect", "believes"),
    ],
)
def test_kind_and_force(sentence: str, kind: str, force: str) -> None:
    reading = allegedly.read(sentence)
    assert [(a.kind, a.force) for a in reading.attributions] == [(kind, force)]


@pytest.mark.parametrize(
    ("sentence", "sourcing"),
    [
        ("Maria Oresk said that soldiers had burned the market.", "named"),
        ("A witness said that soldiers had burned the market.", "unnamed"),
        ("A report says that soldiers burned the market.", "document"),
        ("Soldiers burned the market.", "none"),
    ],
)
def test_sourcing(sentence: str, sourcing: str) -> None:
    reading = allegedly.read(sentence)
    at = sentence.index("burned")
    assert next(s.sourcing for s in reading.statements if any(a <= at < b for a, b in s.predicate)) == sourcing


# sentence | a word of the predicate | a word of whose voice it is in
WIDE = """
The interior ministry said late on Monday that no arrests had been made, although witnesses described masked officers dragging students into vans. | arrests | ministry
The interior ministry said late on Monday that no arrests had been made, although witnesses described masked officers dragging students into vans. | dragging | witnesses
Ardovia will not recognise the referendum and may impose further sanctions, its prime minister warned on Tuesday. | recognise | prime minister
Ardovia will not recognise the referendum and may impose further sanctions, its prime minister warned on Tuesday. | impose | prime minister
"If they think we will surrender, they do not know this city," Mayor Ilse Kord told a crowd. | surrender | Kord
The court stopped short of ordering the release of the four editors but urged the government to review their sentences. | ordering | author
The court stopped short of ordering the release of the four editors but urged the government to review their sentences. | review | court
Despite promises to withdraw, Veldanian troops have not left the two border towns, satellite pictures reviewed by the Herald show. | left | pictures
The junta, which seized power in March, has repeatedly promised elections but has yet to set a date. | seized | author
Had the guards intervened sooner, the inquiry found, at least nine prisoners would have survived. | intervened | inquiry
Had the guards intervened sooner, the inquiry found, at least nine prisoners would have survived. | survived | inquiry
The finance minister is believed to have authorised the payments, though he has always denied knowing about them. | authorised | author
The finance minister is believed to have authorised the payments, though he has always denied knowing about them. | knowing | he
Norland should stop arming both sides and start talking to the farmers, the bishops wrote in an open letter. | stop | bishops
Norland should stop arming both sides and start talking to the farmers, the bishops wrote in an open letter. | start | bishops
Protesters tried to storm the parliament but were driven back by riot police using water cannon. | storm | author
It is far from clear that the ceasefire will hold. | hold | author
Officials insist that the evacuation was voluntary and that nobody was forced to leave. | forced | Officials
Officials insist that the evacuation was voluntary and that nobody was forced to leave. | leave | Officials
The prosecutor said she would not hesitate to charge ministers if the evidence warranted it. | charge | prosecutor
The rebels have agreed in principle to allow aid convoys through, mediators said, but have not said when. | allow | mediators
The two leaders failed to agree on a date for the withdrawal, let alone sign the map. | sign | author
Kestria's claim that its navy sank the trawler by accident has been met with disbelief in Osk. | sank | Kestria
Farmers blocked the motorway to protest against plans to close the dairy. | close | author
No fewer than thirty villages were burned, according to a tally kept by the diocese. | burned | tally
The minister's aides have privately acknowledged that the raid was a mistake and that civilians were killed. | killed | aides
The envoy, who had been expected to resign, instead attacked the foreign ministry for ignoring his cables. | resign | author
Osk is prepared to release the sailors provided Kestria apologises. | release | author
The army denied on Friday having any role in the disappearance of the two priests. | having | army
The regime claims to have captured the pass; the rebels say their flag still flies over it. | captured | regime
Police would neither confirm nor deny that they were questioning the senator. | questioning | Police
The former general, now on trial for ordering the massacre, told judges he never gave such an order. | gave | he
The dispatches suggest that Kestria's ambassador knew of the plot and did nothing to stop it. | knew | dispatches
The dispatches suggest that Kestria's ambassador knew of the plot and did nothing to stop it. | stop | dispatches
The king is not expected to attend, palace officials said, because of his health. | attend | officials
Doctors warned that the hospital could run out of fuel within hours and begged both sides to open the road. | run | Doctors
The newspaper's editor, Dana Velt, said police had questioned her for six hours but had not charged her. | questioned | Velt
The newspaper's editor, Dana Velt, said police had questioned her for six hours but had not charged her. | charged | Velt
The government denies it plans to cut the subsidy. | cut | government
The militia has never been held to account for killing seven nuns in 1994. | held | author
The prime minister apologised for having misled parliament. | misled | author
The rebels might have been persuaded to disarm if the amnesty had included their commanders. | included | author
Miners returned to work after the company agreed to reinstate their leaders. | reinstate | author
Residents said they saw soldiers loading bodies onto trucks. | loading | Residents
"Nobody asked us whether we wanted this dam," said Arno Pell, a fisherman. | wanted | Pell
The coalition is unlikely to survive if the Greens walk out. | walk | author
The ministry described reports that it had expelled the monks as fabricated. | expelled | ministry
The accord obliges both armies to pull back by June and forbids them to fly drones over the lake. | fly | author
The senator, whom prosecutors accuse of taking bribes, has refused to testify. | taking | prosecutors
The strike was called off at the last minute after the owners caved in. | called | author
The premier insisted that he had not been told of the raid beforehand. | told | premier
Aid groups say hundreds of families are being prevented from returning home. | returning | groups
The law, if passed, would allow ministers to dismiss judges. | dismiss | author
Analysts expect the central bank to raise rates. | raise | Analysts
The party has distanced itself from the mayor without expelling him. | expelling | author
"We are going to rebuild every house," the president promised the villagers. | rebuild | president
The governor said he regretted that troops had fired on the crowd. | fired | governor
Rebels seized the airport in the early hours, forcing airlines to cancel flights, officials and residents said. | seized | officials
Rebels seized the airport in the early hours, forcing airlines to cancel flights, officials and residents said. | cancel | officials
The union said it was considering whether to appeal. | appeal | union
Critics called the amnesty a betrayal and vowed to challenge it in court. | challenge | Critics
Rights monitors in Kestria say at least nine detainees have died in custody since the emergency decree, though the justice ministry puts the number at two. | died | monitors
Speaking in parliament, the defence minister denied that the air force had targeted the market, calling the footage doctored. | targeted | minister
Veldania says it shot down two drones overnight; Osk says it lost none. | shot | Veldania
A senior diplomat, who asked not to be named, said the envoy would be recalled. | recalled | diplomat
The ceasefire collapsed within hours, with each side accusing the other of firing first. | firing | side
The bishop's letter urges Catholics to vote but does not endorse a candidate. | vote | letter
In an interview with Radio Velm, the rebel leader said his fighters had not burned the church but had found it in ruins. | burned | leader
In an interview with Radio Velm, the rebel leader said his fighters had not burned the church but had found it in ruins. | found | leader
The UN envoy warned against any attempt to redraw the border by force. | redraw | envoy
The company said that it never sold spyware to the junta and that it would sue the newspaper. | sold | company
The company said that it never sold spyware to the junta and that it would sue the newspaper. | sue | company
If elected, she said, she would close the camp and bring charges against its commander. | close | she
If elected, she said, she would close the camp and bring charges against its commander. | elected | she
The army must not be allowed to decide who governs, the archbishop told worshippers. | decide | archbishop
Eyewitness accounts collected by the agency contradict the army's claim that the protesters fired first. | fired | army
The police had no right to search the monastery, the court ruled. | search | court
"Let us bury our dead," the elders wrote to the commander. | bury | elders
The president all but accused his deputy of plotting against him. | plotting | president
Why, the paper asks, did the coastguard wait six hours before sending a boat? | wait | paper
The army chief hinted that elections might be delayed. | delayed | chief
The opposition fears the decree could be used to silence the press. | silence | opposition
The rebels accused the government of not honouring the truce. | honouring | rebels
Villagers blame the mine for poisoning the river. | poisoning | Villagers
The court has ordered the government to pay compensation to the widows. | pay | court
The general was forced to deny that he planned to seize power. | seize | general
They are demanding that the dam be dismantled. | dismantled | They
Aid flights could resume as early as Thursday if the runway is cleared, the airline said. | resume | airline
Aid flights could resume as early as Thursday if the runway is cleared, the airline said. | cleared | airline
The junta claims that the monks attacked soldiers, but video shows soldiers beating unarmed novices. | attacked | junta
The junta claims that the monks attacked soldiers, but video shows soldiers beating unarmed novices. | beating | video
The chancellor dismissed suggestions that he would resign as fantasy. | resign | chancellor
Doctors at the clinic told Norland Radio that soldiers had prevented them from treating the wounded. | treating | Doctors
Police said that, contrary to what the family claims, the boy was not beaten. | beaten | Police
Lawyers for the senator argued that he could not have ordered the attack because he was abroad. | ordered | Lawyers
The mayor said on Monday that rebels had blown up the bridge. | blown | mayor
Rebels blew up the bridge, the mayor said on Monday. | blew | mayor
Rebels blew up the bridge, officials said. | blew | officials
Rebels blew up the bridge, according to two officials. | blew | officials
Rebels, the mayor said, blew up the bridge. | blew | mayor
According to the ministry, the rebels killed four guards and burned a truck. | killed | ministry
According to the ministry, the rebels killed four guards and burned a truck. | burned | ministry
"Rebels blew up the bridge," said the mayor. | blew | mayor
“Our troops will not leave Osk,” General Tarn Velik told reporters on Monday. | leave | Velik
The mayor was quoted as saying that rebels had blown up the bridge. | blown | mayor
The general was accused by the opposition of ordering the raid. | ordering | opposition
The spokesman said that the general had denied that troops looted homes. | denied | spokesman
The spokesman said that the general had denied that troops looted homes. | looted | general
The clerk told the court that the mayor had said that the bishop had claimed that soldiers burned the church. | burned | bishop
She told reporters that the army had freed the hostages. | freed | She
The rebels had attacked first, he said. | attacked | he
Nine ferrymen, the harbour union alleged in a sworn letter, carried rifles to the islands. | carried | union
Radio Velm quoted the guild as saying that its porters had been beaten. | beaten | guild
A board of inquiry cleared the wardens of poisoning the prisoners. | poisoning | board
The clerk wrote that the bishop had bragged of bribing two judges. | bribing | bishop
What the letter did not mention is that the guards had been shot. | shot | author
That the mill was sold to the mayor is not denied by anyone. | sold | author
Did the patrol burn the barn, as farmers claim? | burn | author
"Did the patrol burn the mill, as bakers claim?" the mayor asked. | burn | mayor
Osk recalled its envoy hours after a mob's raid on the mission. | raid | author
A leaked memo says the ministry paid the militia. | paid | memo
The indictment says that the banker bribed three judges. | bribed | indictment
The agency cited a police report as saying that the gunman shot two officers. | shot | report
The minister accused Osk of arming the rebels. | arming | minister
The minister accused Osk of having armed the rebels and shelled a school. | armed | minister
The minister accused Osk of having armed the rebels and shelled a school. | shelled | minister
The lawyer alleged that guards had beaten the prisoner. | beaten | lawyer
Kestria called on Osk to withdraw its troops. | withdraw | Kestria
Kestria promised that it would send doctors. | send | Kestria
The president, who critics say jailed dozens of rivals, won the vote. | won | author
The president, who critics say jailed dozens of rivals, won the vote. | jailed | critics
Police arrested the man who the mayor says burned the library. | burned | mayor
The general's claim that rebels used gas was not verified. | used | general
The minister's denial that he met the envoy surprised lawmakers. | met | minister
Accusations by the union that the company hired thugs have been denied. | hired | union
Lawmakers condemned the killing of the priest. | killing | author
The minister admitted that the army had bombed the school. | bombed | minister
The minister acknowledged bombing the school. | bombing | minister
The army acknowledged that it had killed civilians. | killed | army
Analysts doubt that Osk attacked the port. | attacked | Analysts
Analysts say Osk could attack the port. | attack | Analysts
Officials fear Osk could attack the port. | attack | Officials
The envoy suggested Osk had attacked the port. | attacked | envoy
The envoy suggested that Osk withdraw from the port. | withdraw | envoy
The envoy warned that Osk would attack the port. | attack | envoy
The envoy warned Osk not to attack the port. | attack | envoy
Police said three people were killed and ten wounded in the blast. | killed | Police
The minister said the army had left the town and that the police would guard the hospitals. | left | minister
The minister said the army had left the town and that the police would guard the hospitals. | guard | minister
In a statement, the ministry said Osk had fired two rockets. | fired | ministry
Osk fired two rockets, the ministry said in a statement. | fired | ministry
The ministry said in a statement that if Osk fired rockets, the army would respond. | fired | ministry
The ministry said in a statement that if Osk fired rockets, the army would respond. | respond | ministry
If Osk fires rockets, the minister said, the army will bomb its airfields. | fires | minister
If Osk fires rockets, the minister said, the army will bomb its airfields. | bomb | minister
Sources close to the palace say the king has dismissed the general. | dismissed | Sources
The king, sources say, has dismissed the general. | dismissed | sources
The opposition considers that the court violated the constitution. | violated | opposition
The premier dismissed reports that he had met the rebels. | met | premier
The premier rejected accusations that his guards had beaten reporters. | beaten | premier
Both sides accused each other of violating the ceasefire. | violating | sides
The army said it had killed 20 rebels, a claim the rebels denied. | killed | army
The rebels said they had shot down a drone, but the army denied it. | shot | rebels
Osk's envoy told the council that his country had not attacked the ship and would cooperate with investigators. | attacked | envoy
Osk's envoy told the council that his country had not attacked the ship and would cooperate with investigators. | cooperate | envoy
The police said they had no evidence that the mayor ordered the killing. | ordered | police
The video shows that soldiers beat a farmer. | beat | video
The inquiry concluded that soldiers had executed farmers. | executed | inquiry
The court found that the ministry had withheld documents. | withheld | court
The governor vowed that he would never negotiate with the gunmen. | negotiate | governor
"Will you resign?" a reporter asked the premier. | resign | reporter
"If they attack us, we will respond," the colonel said. | attack | colonel
"If they attack us, we will respond," the colonel said. | respond | colonel
"They killed my son," a farmer said. "The army must punish the killers." | killed | farmer
"They killed my son," a farmer said. "The army must punish the killers." | punish | farmer
The mediator said the rebels had pledged to release the hostages. | pledged | mediator
The mediator said the rebels had agreed to release the hostages. | agreed | mediator
The senator claims, without offering proof, that Osk stole the files. | stole | senator
The army abandoned the town, as the mayor has admitted. | abandoned | mayor
The newspaper reported that the minister had met the rebels. | met | newspaper
Asked about the raid, the general said his men had obeyed orders. | obeyed | general
Kestria insists its troops never crossed the river. | crossed | Kestria
Kestria says it regrets killing the fishermen. | killing | Kestria
The governor warned protesters they would be arrested. | arrested | governor
"""
RIGHT = 0.92  # the share of WIDE that has to be right: each hangs on a parse that may go wrong now and then
BATCH = 40  # sentences read at once, each a paragraph of its own


def test_voices_in_many_constructions() -> None:
    rows = [tuple(x.strip() for x in line.split(" | ")) for line in WIDE.strip().splitlines()]
    wrong = []
    for first in range(0, len(rows), BATCH):
        part = rows[first : first + BATCH]
        reading = allegedly.read("\n\n".join(dict.fromkeys(row[0] for row in part)))
        for sentence, word, want in part:
            at = reading.article.text.index(sentence) + sentence.index(word)
            found = [s.voice for s in reading.statements if any(a <= at < b for a, b in s.predicate)]
            if not any(v == want or any(want in x for x in sources(reading, v)) for v in found):
                wrong.append((sentence, word, want, [sources(reading, v) for v in found]))
    assert len(wrong) <= (1 - RIGHT) * len(rows), wrong


@pytest.mark.parametrize(
    ("sentence", "chain"),
    [
        (
            "The clerk said the mayor had told her that the bishop believed that soldiers burned the church.",
            ["The clerk", "the mayor", "the bishop"],
        ),
        ("The envoy rejected the general's claim that rebels had burned the church.", ["The envoy", "the general"]),
        ("The radio quoted the minister as saying that rebels had burned the church.", ["The radio", "the minister"]),
        ("Officials said on Monday that the Front had accused the army of burning the church.", ["Officials", "the Front"]),
    ],
)
def test_chains_of_voices(sentence: str, chain: list[str]) -> None:
    reading = allegedly.read(sentence)
    by_id = {a.id: a for a in reading.attributions}
    at = sentence.index("burn")
    found = next(s for s in reading.statements if any(a <= at < b for a, b in s.predicate))
    voices: list[str] = []
    voice: str | None = found.voice
    while voice in by_id:
        voices += sources(reading, voice)
        voice = by_id[voice].parent
    assert voices[::-1] == chain


@pytest.mark.parametrize(
    ("sentence", "force", "polarity"),
    [
        ("The general did not deny that soldiers had burned the market.", "concedes", "affirmed"),
        ("The general denied burning the market.", "denies", "negated"),
        ("Soldiers had burned the market, the general denied.", "denies", "negated"),
        ("The general doubts that soldiers burned the market.", "doubts", "affirmed"),
        ("The general acknowledged burning the market.", "concedes", "affirmed"),
        ("The general denied that the army had failed to burn the market.", "denies", "affirmed"),
    ],
)
def test_denials_and_their_negation(sentence: str, force: str, polarity: str) -> None:
    reading = allegedly.read(sentence)
    at = sentence.index("burn")
    found = next(s for s in reading.statements if any(a <= at < b for a, b in s.predicate))
    assert ([a.force for a in reading.attributions][-1], found.polarity) == (force, polarity)


@pytest.mark.parametrize(
    "sentence",
    [
        "The soldiers have been charged with burning the market.",
        "A colonel is wanted for burning the market.",
        "Protests followed reports that soldiers had burned the market.",
        "The envoy ignored allegations that soldiers burned the market.",
    ],
)
def test_what_is_alleged_by_nobody_named_is_not_the_authors_word(sentence: str) -> None:
    reading = allegedly.read(sentence)
    (burned,) = (s for s in reading.statements if s.lemma == "burn")
    assert burned.voice != "author"
    assert burned.sourcing == "none"


def test_what_is_unclear_is_the_authors_question() -> None:
    (burned,) = (s for s in allegedly.read("It is unclear whether soldiers burned the market.").statements if s.lemma == "burn")
    assert (burned.voice, burned.status) == ("author", "question")


def test_people_are_no_document() -> None:
    (statement,) = (s for s in allegedly.read("Opposition figures say soldiers burned the barn.").statements if s.lemma == "burn")
    assert statement.sourcing == "unnamed"


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "said",
                "that",
                ",",
                "according",
                "to",
                '"',
                "claim",
                "by",
                "he",
                "Osk",
                "denied",
                "the",
                "left",
                "as",
                "quoted",
                ".",
                "whether",
            ]
        ),
        min_size=1,
        max_size=25,
    )
)
def test_no_text_breaks_the_voices(words: list[str]) -> None:
    reading = allegedly.read("Osk " + " ".join(words))
    ids = {"author", *(a.id for a in reading.attributions)}
    assert all(s.voice in ids for s in reading.statements)
    for a in reading.attributions:
        assert a.parent is None or a.parent in ids
        assert all(0 <= s < e <= len(reading.article.text) for s, e in (*a.source, *a.cue, *a.content))
