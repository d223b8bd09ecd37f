"""Polarity and status by scope. Own sentences; the same cue words do and do not decide."""

from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegedly
from allegedly.records import Statement

# sentence | a word of the predicate | polarity and status
PLAIN = """
Ardovia attacked the port. | attacked | affirmed actual
Ardovia did not attack the port. | attack | negated actual
It is far from certain that the brigades will disarm. | disarm | affirmed possible
Is it true that Osk sold the rifles to Brennia? | sold | affirmed question
Suppose the guards shut the port again: who would stop them? | shut | affirmed conditional
Not a week passes without a deputy demanding his arrest. | demanding | affirmed actual
The envoy's visit passed off without her once apologising. | apologising | negated actual
The mayor will not apologise for housing the strikers. | housing | affirmed actual
Osk has balked at paying the fine. | paying | negated actual
It is not true, the envoy told reporters, that his office paid the militia. | paid | negated actual
The council offered no truce to the farmers. | offered | negated actual
The council voted to suspend the treaty. | suspend | affirmed planned
Police used dogs to disperse the marchers. | disperse | affirmed actual
Police wanted to use dogs to disperse the marchers. | use | affirmed planned
The fire was caused not by the rain but by neglect. | caused | affirmed actual
The fire was not caused by the rain. | caused | negated actual
It was not the opposition that burned the archive. | burned | negated actual
It was not the first army that burned the archive. | burned | affirmed actual
The law would gag the press and allow officials to arrest critics. | arrest | affirmed conditional
The ministers agreed to reopen the consulates closed during the quarrel. | closed | affirmed actual
Ardovia never attacked the port. | attacked | negated actual
Neither the visit of the envoy nor the letter of the bishop helped the miners. | visit | affirmed actual
Neither the visit of the envoy nor the letter of the bishop helped the miners. | helped | negated actual
It was not the first time that Ardovia attacked the port. | attacked | affirmed actual
No convoy was attacked on Friday. | attacked | negated actual
Neither party has signed the treaty. | signed | negated actual
Not only did the union reject the offer, it called a strike. | reject | affirmed actual
The council failed to approve the budget. | approve | negated actual
The council did not fail to approve the budget. | approve | affirmed actual
The general refused to release the prisoners. | release | negated actual
The general managed to release the prisoners. | release | affirmed actual
The general did not manage to release the prisoners. | release | negated actual
Kestria will send troops to Maravel. | send | affirmed planned
Kestria will not send troops to Maravel. | send | negated planned
Kestria vowed to send troops to Maravel. | send | affirmed planned
Kestria plans to withdraw its soldiers. | withdraw | affirmed planned
Kestria is expected to withdraw its soldiers. | withdraw | affirmed planned
Kestria could withdraw its soldiers. | withdraw | affirmed possible
Kestria may have withdrawn its soldiers. | withdrawn | affirmed possible
Perhaps Kestria withdrew its soldiers. | withdrew | affirmed possible
Kestria is considering sanctions against Osk. | sanctions | affirmed possible
The bishops urged the king to pardon the rebels. | pardon | affirmed demanded
The king should pardon the rebels. | pardon | affirmed demanded
The lawyers demanded the release of the editor. | release | affirmed demanded
The lawyers welcomed the release of the editor. | release | affirmed actual
If Kestria attacks the bridge, the talks will end. | attacks | affirmed conditional
Had Kestria attacked the bridge, the talks would have ended. | attacked | affirmed conditional
Had Kestria attacked the bridge, the talks would have ended. | ended | affirmed conditional
Because Kestria attacked the bridge, the talks ended. | attacked | affirmed actual
Unless the army leaves, the villagers will flee. | leaves | affirmed conditional
Will Kestria attack the bridge? | attack | affirmed question
Officials denied that soldiers had burned the village. | burned | negated actual
The minister does not believe that the party will win. | win | negated planned
The court ruled out freeing the journalist. | freeing | negated actual
Soldiers left without firing a shot. | firing | negated actual
The president was forced to resign. | resign | affirmed actual
The president was unable to form a government. | form | negated actual
Brennia became the first country to recognise the new state. | recognise | affirmed actual
The army halted its plan to bomb the dam. | bomb | affirmed planned
There is no proof that the governor ordered the killing. | ordered | negated actual
The inquiry found no evidence that the army shelled the school. | shelled | negated actual
It is not true that Brennia attacked the ferry. | attacked | negated actual
It was not Kestria that attacked the ferry. | attacked | negated actual
The rebels have yet to release the hostages. | release | negated actual
The army stopped short of blaming Kestria. | blaming | negated actual
The assembly voted against impeaching the president. | impeaching | negated actual
The premier has not ruled out sending troops. | sending | affirmed possible
The ministry stockpiled grain in case Brennia closed the border. | stockpiled | affirmed actual
The ministry stockpiled grain in case Brennia closed the border. | closed | affirmed conditional
The envoy will visit Osk on condition that the truce holds. | holds | affirmed conditional
As soon as the rebels leave, the army will bomb the dam. | leave | affirmed conditional
The army will leave the valley once the rebels disarm. | disarm | affirmed conditional
Nobody claimed responsibility for the explosion. | claimed | negated actual
The crowd was too weak to storm the palace. | storm | negated actual
Ardovia threatened to cut off the gas too. | cut | affirmed planned
If Kestria does not pull back its troops by Friday, Premier Lena Orsk warned, Ardovia will close the border. | pull | negated conditional
If Kestria does not pull back its troops by Friday, Premier Lena Orsk warned, Ardovia will close the border. | close | affirmed conditional
It is high time that the council recognised the assembly. | recognised | affirmed demanded
It is time the army withdrew from the port. | withdrew | affirmed demanded
It was the first time the army withdrew from the port. | withdrew | affirmed actual
Talks are due to resume on Monday. | resume | affirmed planned
The army is poised to storm the port. | storm | affirmed planned
The plan to buy the ferries was dropped. | buy | negated planned
The plan to buy the ferries was praised. | buy | affirmed planned
There is no evidence that guards fired. | fired | negated actual
There is evidence that guards fired. | fired | affirmed actual
Osk failed in its bid to expel the envoy. | expel | negated actual
The rebels have neither confirmed nor denied holding the pilot. | holding | affirmed possible
The envoy is almost certain of the price. | certain | affirmed actual
The envoy was nearly killed. | killed | negated actual
There is every possibility that the cabinet would misuse the law. | misuse | affirmed possible
The cabinet said that it would repeal the law. | repeal | affirmed planned
Mayor Venn showed no sign of backing down. | backing | negated actual
Mayor Venn showed signs of backing down. | backing | affirmed actual
The ministry summoned the envoy to complain about the raid. | complain | affirmed actual
The ministry summoned the envoy to testify. | testify | affirmed demanded
"The tax is a disgrace," the clerk countered. | disgrace | affirmed actual
The clerk denied that the tax was a disgrace. | disgrace | negated actual
The cabinet refuted remarks on the killing of farmers. | killing | affirmed actual
The cabinet refuted reports of the killing of farmers. | killing | negated actual
The junta took no steps to protect the farmers. | protect | negated actual
The junta took steps to protect the farmers. | protect | affirmed planned
The province did not take any action to stop the looting. | stop | negated actual
The militia has yet to hand over its arms. | hand | negated actual
Osk warned that any attack on its ships would bring war. | attack | affirmed conditional
Osk warned that an attack on its ships had brought war. | attack | affirmed actual
The court-ordered execution of two captains shocked Osk. | execution | affirmed actual
Should the mayor resign, the guild will choose another. | resign | affirmed conditional
Should the mayor resign, the guild will choose another. | choose | affirmed conditional
The abbot swore that nobody had opened the gate. | opened | negated actual
The abbot swore that nobody would open the gate. | open | negated planned
The minister was not sacked for theft but for talking to the press. | sacked | affirmed actual
The envoy was not jailed for spying. | jailed | negated actual
Osk has given the exiles neither bread nor water. | given | negated actual
The rally barely filled the square. | filled | affirmed actual
The claim of Osk to have sunk the ferry was mocked. | sunk | affirmed actual
Kestria became the third state to recognise the council. | recognise | affirmed actual
Nobody but the miners joined the march. | joined | affirmed actual
As long as the siege lasts, nobody will trade with Osk. | lasts | affirmed conditional
Rumours that the abbot had fled proved false. | fled | negated actual
The mayor should stop jailing the ferrymen. | jailing | affirmed actual
The mayor stopped jailing the ferrymen. | jailing | negated actual
The mayor had stopped jailing the ferrymen. | jailing | negated actual
The island will take in no more exiles. | take | negated planned
The council brushed aside reports that it had sold the harbour. | sold | negated actual
Strikers resorted to blocking the canal. | blocking | affirmed actual
The rector faces growing pressure to quit after he was fined by the court. | fined | affirmed actual
The aide cautioned that nobody had left. | left | negated actual
Not a crumb of bread has reached the camp. | reached | negated actual
If the guild strikes, the ferries will have to stop. | stop | affirmed conditional
The union vowed to march after the talks failed. | failed | affirmed actual
The guild objected to sending stewards. | sending | negated actual
The ban on plays is to be lifted on Friday. | lifted | affirmed planned
The regulator lacked the nerve to fine the mine. | fine | negated actual
In open defiance of the court, the regents jailed the editor. | defiance | affirmed actual
Had the ombudsman been consulted, the contract might have gone to an honest bidder. | gone | affirmed conditional
Velm is toying with the idea of closing the strait. | closing | affirmed possible
Were wages to rise any further, exporters would move abroad. | rise | affirmed conditional
Ardovia could not stop the raid. | stop | negated actual
Ardovia could not have stopped the raid. | stopped | negated possible
Without a loan, Ardovia cannot pay the guards. | pay | negated conditional
Not even his own deputies applauded the envoy. | applauded | negated actual
In no instance did the envoy threaten the miners. | threaten | negated actual
The miners have threatened a strike unless they are paid. | threatened | affirmed actual
The prince has been arming the clans, if exiles are to be believed. | arming | affirmed actual
The miners will strike unless they are paid. | strike | affirmed conditional
Were Ardovia to lift its veto, the bloc could admit the islands. | admit | affirmed conditional
The bloc would admit the islands, an envoy said, were the veto lifted. | lifted | affirmed conditional
The council has freed its captives; will the army free its own? | freed | affirmed actual
The union gave the firm two days to pay the crews. | pay | affirmed demanded
The union gave the firm a room to pay the crews. | pay | affirmed planned
Did the envoy or did he not pay the guards? | pay | affirmed question
The council tried in vain to buy the mill. | buy | negated actual
Attempts by the envoy to visit the island were thwarted. | visit | negated actual
Relatives were refused permission to visit the pilots. | visit | negated actual
The envoy admitted on Monday to having bribed the guards. | bribed | affirmed actual
Had the pilots been fed, the envoy asked the guards. | fed | affirmed question
Nine envoys will skip the summit, officials fear. | skip | affirmed possible
Prisoners are shot if they try to flee. | shot | affirmed conditional
The mayor was to be arrested if he returned. | arrested | affirmed conditional
The council did not give the miners two days to disarm. | disarm | negated planned
The premier cannot be arrested while in office. | arrested | negated possible
The ban could trigger protests against the junta. | protests | affirmed possible
The plan would cause strikes against the owners. | strikes | affirmed conditional
The arrest did not spark protests against the king. | protests | negated actual
The verdict sparked protests against the court. | protests | affirmed actual
If the vote triggers attacks on the minority, troops will come. | attacks | affirmed conditional
The feud is an obstacle to forming an opposition to the governor. | opposition | affirmed planned
Even if support for the mayor were to grow, she would lose. | support | affirmed conditional
The junta freed the poet, only to rearrest him at the gate. | rearrest | affirmed actual
The mayor ordered his men not to harm the prisoners, and not one prisoner was harmed. | harmed | negated actual
The two presidents did not so much as shake hands. | shake | negated actual
Calls grew for the minister to resign. | resign | affirmed demanded
A bid by two deputies to unseat their leader fizzled out. | unseat | negated actual
But say he had sold the rifles: who would know? | sold | affirmed conditional
Even supposing that the guards overstepped their orders, nobody was hurt. | overstepped | affirmed conditional
Not one barrel was sold to the garrison. | sold | negated actual
Not only one barrel was sold to the garrison. | sold | affirmed actual
The abbot insisted that the duke repay the millers. | repay | affirmed demanded
The abbot insisted that the duke repaid the millers. | repaid | affirmed actual
The duke never once visited the mine. | visited | negated actual
It could not be ruled out that the miller poisoned the well. | poisoned | affirmed possible
The regent gave the poets neither bread nor wine. | gave | negated actual
The regent gave the poets both bread and wine. | gave | affirmed actual
Hardly anybody trusts the mint. | trusts | negated actual
"""
ASKED = """
It was the last time that the guild would shelter a poet. | shelter | affirmed actual
Why should the weavers feed an army that burned their looms? | feed | affirmed question
Must the guild pay for the bridge? | pay | affirmed question
The abbot was wrong to lock out the pilgrims. | lock | affirmed actual
The abbot would be wrong to lock out the pilgrims. | lock | affirmed conditional
It would be foolish to fell the forest. | fell | affirmed conditional
Without a loan, the islands cannot repair the ferry. | repair | negated conditional
Without a murmur, the sailors will obey the regent. | obey | affirmed planned
Even if the clans were to seize the pass, they could not feed a garrison. | feed | negated conditional
The clans promised to return the herds once the gunboats leave. | leave | affirmed conditional
Isn't the regent selling the forests? | selling | affirmed question
Why isn't the regent selling the forests? | selling | negated question
Was it the navy that flooded the mine? | flooded | affirmed question
Nobody failed to reach the ridge. | reach | affirmed actual
The clans failed to reach a compromise on the wells. | reach | negated actual
The steward would not confirm that the well was poisoned. | confirm | negated actual
Never before had a regent visited the lighthouse. | visited | negated actual
It is a lie that the guild burned the mill. | burned | negated actual
It was wrong to sack the steward. | sack | affirmed actual
The story that the guild burned the mill was invented. | burned | negated actual
The regent ruled out a truce as long as the clans hold the pass. | ruled | affirmed actual
The guild would close the canal, its clerk warned, if the tolls were not paid. | close | affirmed conditional
The guild would close the canal, its clerk warned, if the tolls were not paid. | paid | negated conditional
The abbot said there had been no massacre in the valley. | massacre | negated actual
"""

# Many more, each of which hangs on a parse that may go wrong now and then.
WIDE = """
# Negation: its scope, not its presence
Osk did not sign the treaty. | sign | negated actual
No soldier entered the village. | entered | negated actual
Neither Osk nor Kestria signed the treaty. | signed | negated actual
The army neither confirmed the strike nor released the bodies. | released | negated actual
Troops entered the city without firing a shot. | entered | affirmed actual
Troops entered the city without firing a shot. | firing | negated actual
The ministry hardly helped the refugees. | helped | negated actual
None of the ministers attended the ceremony. | attended | negated actual
None of the hostages was released. | released | negated actual
This was not the first time that the police had raided the newspaper. | raided | affirmed actual
The rebels not only burned the market but also looted the bank. | burned | affirmed actual
The rebels not only burned the market but also looted the bank. | looted | affirmed actual
Not only did Osk expel the envoy, it also recalled its ambassador. | expel | affirmed actual
Osk no longer recognises the government in Velm. | recognises | negated actual
The coalition failed to pass the law. | pass | negated actual
The premier refused to meet the delegation. | meet | negated actual
Norland declined to sanction the bank. | sanction | negated actual
The statement stopped short of condemning the raid. | condemning | negated actual
The minister avoided criticising the king. | criticising | negated actual
The president ruled out negotiating with the rebels. | negotiating | negated actual
The general ruled out a withdrawal from the valley. | withdrawal | negated actual
Police prevented the activists from entering the court. | entering | negated actual
Police blocked protesters from reaching the palace. | reaching | negated actual
The company denied bribing officials. | bribing | negated actual
The colonel denied having ordered the attack. | ordered | negated actual
Osk is far from recognising the new government. | recognising | negated actual
There is little chance that Osk will release the prisoners. | release | affirmed possible
The envoy does not believe that the rebels will attack the city. | attack | negated planned
The envoy does not think Osk ordered the killing. | ordered | negated actual
The minister did not deny that troops had entered the village. | entered | affirmed actual
Kestria did not attack the port because it feared sanctions. | attack | negated actual
The judge released the men not because they were innocent but because prosecutors had hidden evidence. | released | affirmed actual
Soldiers who had not been paid looted the stores. | looted | affirmed actual
Soldiers who had not been paid looted the stores. | paid | negated actual
The party, which did not win a seat, accused the commission of fraud. | accused | affirmed actual
Nobody has been arrested. | arrested | negated actual
No one was killed in the blast. | killed | negated actual
The deal did nothing to stop the shelling. | stop | negated actual
The governor forgot to inform the council. | inform | negated actual
The parliament refused to ratify the pact. | ratify | negated actual
Instead of sending aid, Osk closed its embassy. | closed | affirmed actual
Few countries recognised the government. | recognised | affirmed actual
The minister rarely meets journalists. | meets | affirmed actual
The bill would not ban the party. | ban | negated conditional
The army made no attempt to rescue the hostages. | rescue | negated actual
The king has no plans to visit Osk. | visit | negated planned
The government has no intention of releasing the rebels. | releasing | negated planned
The rebels, not the army, bombed the bridge. | bombed | affirmed actual
The army and not the rebels bombed the bridge. | bombed | affirmed actual
The premier could not persuade the union to end the strike. | persuade | negated possible
The army was unable to retake the town. | retake | negated actual
The ministry was not able to evacuate the villagers. | evacuate | negated actual
The union did not manage to win a pay rise. | win | negated actual
The parliament narrowly avoided impeaching the president. | impeaching | negated actual
Veldania abstained from condemning the coup. | condemning | negated actual
It is untrue that the army shelled the hospital. | shelled | negated actual
The allegation that the army shelled the hospital is false. | shelled | negated actual
Nothing suggests that the army shelled the hospital. | shelled | negated actual
There were no signs that the rebels had left the valley. | left | negated actual
The crowd was prevented from storming the embassy. | storming | negated actual
Lawmakers failed to agree on a budget. | agree | negated actual
The minister rejected calls to release the journalist. | release | affirmed demanded
The president rejected a proposal to dissolve the assembly. | dissolve | affirmed planned
The president vetoed a bill that would have banned foreign charities. | banned | affirmed conditional
The army cancelled the planned offensive against Osk. | offensive | negated planned
# Plans, demands, possibilities, conditions, questions
Osk will close its border. | close | affirmed planned
Osk is to close its border next week. | close | affirmed planned
Osk plans to close its border. | close | affirmed planned
Osk vowed to close its border. | close | affirmed planned
Osk is set to close its border. | close | affirmed planned
Osk is about to close its border. | close | affirmed planned
Osk is expected to close its border. | close | affirmed planned
Osk is likely to close its border. | close | affirmed possible
Osk is going to close its border. | close | affirmed planned
Osk is preparing to close its border. | close | affirmed planned
Osk is due to release the prisoners. | release | affirmed planned
Osk is ready to release the prisoners. | release | affirmed planned
Osk is considering closing its border. | closing | affirmed possible
Osk may close its border. | close | affirmed possible
Osk might have closed its border. | closed | affirmed possible
Osk could close its border. | close | affirmed possible
Osk would close its border. | close | affirmed conditional
Osk would have closed its border if the talks had failed. | failed | affirmed conditional
The group seeks to overthrow the king. | overthrow | affirmed planned
The group tried to overthrow the king. | overthrow | affirmed planned
The group attempted to kidnap the mayor. | kidnap | affirmed planned
The governor threatened to dissolve the council. | dissolve | affirmed planned
The opposition demanded that the premier resign. | resign | affirmed demanded
The opposition demanded the resignation of the premier. | resignation | affirmed demanded
The union urged workers to strike. | strike | affirmed demanded
The pope called for the release of the hostages. | release | affirmed demanded
The army must leave the city. | leave | affirmed demanded
The government should release the prisoners. | release | affirmed demanded
The government ought to release the prisoners. | release | affirmed demanded
The government has to release the prisoners. | release | affirmed demanded
The government needs to release the prisoners. | release | affirmed demanded
If the army attacks, the rebels will burn the bridge. | attacks | affirmed conditional
If the army attacks, the rebels will burn the bridge. | burn | affirmed conditional
Unless Osk withdraws, Kestria will impose sanctions. | withdraws | affirmed conditional
Unless Osk withdraws, Kestria will impose sanctions. | impose | affirmed conditional
Were Osk to withdraw its troops, Kestria would lift the sanctions. | withdraw | affirmed conditional
Had Osk withdrawn its troops, Kestria would have lifted the sanctions. | withdrawn | affirmed conditional
Should Osk withdraw its troops, Kestria will lift the sanctions. | withdraw | affirmed conditional
Kestria will lift the sanctions provided that Osk withdraws its troops. | withdraws | affirmed conditional
Kestria has put hospitals on alert in case Osk attacks. | attacks | affirmed conditional
Did the army shell the school? | shell | affirmed question
Who ordered the arrest of the editor? | ordered | affirmed question
Why has the king not dismissed the minister? | dismissed | negated question
Reporters asked whether the army had shelled the school. | shelled | affirmed question
It is unclear whether the army shelled the school. | shelled | affirmed question
Release the prisoners now. | Release | affirmed demanded
Let the inspectors enter the camp. | enter | affirmed demanded
Do not send weapons to Osk. | send | negated demanded
Don't negotiate with the generals. | negotiate | negated demanded
The judge ordered the company to pay the workers. | pay | affirmed demanded
The parliament voted to impeach the president. | impeach | affirmed planned
The government agreed to release the prisoners. | release | affirmed planned
The government decided to expel the envoy. | expel | affirmed planned
The cabinet approved sending troops to Osk. | sending | affirmed planned
The army will shell the town until the rebels surrender. | surrender | affirmed conditional
Soldiers sealed the road to stop the protesters. | stop | affirmed planned
The king flew to Osk to meet the rebel leaders. | meet | affirmed planned
Rebels blew up the bridge so that the army could not cross the river. | cross | negated possible
The minister is believed to have fled the country. | fled | affirmed possible
The general is suspected of ordering the killings. | ordering | affirmed possible
The minister is alleged to have bribed the judge. | bribed | affirmed possible
The army allegedly shelled the hospital. | shelled | affirmed possible
Troops reportedly entered the town. | entered | affirmed possible
The rebels apparently released the hostages. | released | affirmed possible
The rebels have probably left the valley. | left | affirmed possible
It is possible that the rebels released the hostages. | released | affirmed possible
It is likely that the rebels will release the hostages. | release | affirmed possible
There is a risk that Osk will invade Kestria. | invade | affirmed possible
A failure to end the strike would ruin the harbour. | end | negated actual
The threat to deport the refugees alarmed aid groups. | deport | affirmed planned
The decision to expel the envoy angered Osk. | expel | affirmed planned
The army's attempt to retake the town failed. | retake | negated actual
The order to shoot protesters came from the palace. | shoot | affirmed demanded
The envoy wants Osk to release the men. | release | affirmed demanded
The envoy hopes that Osk will release the men. | release | affirmed planned
Osk wants to join the alliance. | join | affirmed planned
Kestria promised aid to the flood victims. | aid | affirmed planned
Kestria and Osk are expected to sign the accord on Friday. | sign | affirmed planned
The trial is scheduled to begin on Monday. | begin | affirmed planned
Kestria would never recognise the junta. | recognise | negated conditional
Police can search homes without a warrant under the new law. | search | affirmed possible
The rule allows police to detain suspects for a month. | detain | affirmed possible
The law bans parties from accepting foreign money. | accepting | negated demanded
# More of both
The envoy urged Osk not to attack the port. | attack | negated demanded
In case of an attack by Osk, the army will close the port. | attack | affirmed conditional
In the event of an attack by Osk, the army will close the port. | attack | affirmed conditional
The ministry warned against attacking the port. | attacking | negated demanded
The company said the law would force it to fire workers. | force | affirmed planned
The army would leave the city, the general said. | leave | affirmed planned
The general must have ordered the raid. | ordered | affirmed possible
The government should have arrested the general. | arrested | affirmed demanded
The council voted against recognising the junta. | recognising | negated actual
The police foiled a plot to kill the premier. | kill | negated planned
The union has threatened to strike unless the company pays the workers. | strike | affirmed planned
The union has threatened to strike unless the company pays the workers. | pays | affirmed conditional
The court did not find that the general had ordered the killing. | ordered | negated actual
The claim that the army used gas is baseless. | used | negated actual
Kestria does not want Osk to join the alliance. | join | negated demanded
Kestria would like Osk to join the alliance. | join | affirmed demanded
The government is not expected to release the prisoners. | release | negated planned
The rebels might not attack the city. | attack | negated possible
The parties are close to forming a coalition. | forming | affirmed planned
The parties came close to forming a coalition. | forming | negated actual
Osk's refusal to sign the accord angered Kestria. | sign | negated actual
The committee postponed a vote to impeach the president. | impeach | affirmed planned
To end the war, Osk must withdraw its troops. | withdraw | affirmed demanded
To end the war, Osk must withdraw its troops. | end | affirmed planned
The army opened fire to disperse the crowd. | disperse | affirmed planned
The law was meant to protect journalists. | protect | affirmed planned
The ship was supposed to deliver grain to Osk. | deliver | affirmed planned
Osk is said to be arming the rebels. | arming | affirmed possible
The treaty obliges Osk to destroy its rockets. | destroy | affirmed demanded
The general was cleared of ordering the killings. | ordering | negated actual
# In longer sentences
Talks between the Tolmere government and the hill clans broke down on Sunday after the clans refused to hand over the men suspected of burning the grain stores. | burning | affirmed possible
Ardovia will not recognise the referendum and may impose further sanctions, its prime minister warned on Tuesday. | impose | affirmed possible
The court stopped short of ordering the release of the four editors but urged the government to review their sentences. | ordering | negated actual
The court stopped short of ordering the release of the four editors but urged the government to review their sentences. | review | affirmed demanded
Despite promises to withdraw, Veldanian troops have not left the two border towns, satellite pictures reviewed by the Herald show. | withdraw | affirmed planned
Lawmakers from the ruling party voted on Thursday to strip the governor of immunity, paving the way for prosecutors to charge him with bribery. | charge | affirmed possible
Had the guards intervened sooner, the inquiry found, at least nine prisoners would have survived. | intervened | affirmed conditional
The finance minister is believed to have authorised the payments, though he has always denied knowing about them. | authorised | affirmed possible
Protesters tried to storm the parliament but were driven back by riot police using water cannon. | storm | affirmed planned
Officials insist that the evacuation was voluntary and that nobody was forced to leave. | leave | negated actual
The rebels have agreed in principle to allow aid convoys through, mediators said, but have not said when. | allow | affirmed planned
The president ruled out any talks with the movement until it lays down its weapons. | lays | affirmed conditional
Osk is prepared to release the sailors provided Kestria apologises. | release | affirmed planned
Police would neither confirm nor deny that they were questioning the senator. | questioning | affirmed possible
The dispatches suggest that Kestria's ambassador knew of the plot and did nothing to stop it. | stop | negated actual
The king is not expected to attend, palace officials said, because of his health. | attend | negated planned
Doctors warned that the hospital could run out of fuel within hours and begged both sides to open the road. | run | affirmed possible
Doctors warned that the hospital could run out of fuel within hours and begged both sides to open the road. | open | affirmed demanded
The government denies it plans to cut the subsidy. | cut | negated planned
The accord obliges both armies to pull back by June and forbids them to fly drones over the lake. | pull | affirmed demanded
He is alleged to have smuggled arms to the clans while serving as consul. | smuggled | affirmed possible
"We are going to rebuild every house," the president promised the villagers. | rebuild | affirmed planned
Critics called the amnesty a betrayal and vowed to challenge it in court. | challenge | affirmed planned
A senior diplomat, who asked not to be named, said the envoy would be recalled. | named | negated demanded
No country has so far offered to take in the deposed king. | take | negated planned
The ministry has been unable to confirm reports of a mass grave near the mine. | confirm | negated actual
The army must not be allowed to decide who governs, the archbishop told worshippers. | decide | negated demanded
Security forces are reported to have detained the poet's brother. | detained | affirmed possible
The police had no right to search the monastery, the court ruled. | search | negated planned
The governor is thinking of sending the militia to the mines. | sending | affirmed possible
The talks, scheduled to resume on Monday, were put off after the hill clans withdrew their delegates. | resume | affirmed planned
The army chief hinted that elections might be delayed. | delayed | affirmed possible
The opposition fears the decree could be used to silence the press. | silence | affirmed possible
Kestria has not ruled out sending troops. | sending | affirmed possible
The ambassador was summoned to explain the remarks. | explain | affirmed demanded
The police chief vowed not to rest until the killers were caught. | rest | negated planned
The finance minister hopes to avoid raising taxes. | raising | negated planned
The guards reportedly let the prisoners escape. | escape | affirmed possible
The chancellor dismissed suggestions that he would resign as fantasy. | resign | negated planned
The state of emergency may not be extended beyond June. | extended | negated possible
The navy did little to stop the smugglers. | stop | negated actual
The mayor can count on the police not to intervene. | intervene | negated planned
The sailors are thought to be held on the island. | held | affirmed possible
The cabinet has put off a decision on whether to expel the ambassador. | expel | affirmed possible
# What governs from above, and what only seems to
Nobody claimed that the army had shelled the market. | shelled | affirmed possible
The inquiry could not establish who shelled the market. | shelled | affirmed actual
The inquiry cleared the soldiers of shelling the market. | shelling | negated actual
The colonel pleaded guilty to shelling the market. | shelling | affirmed actual
The guards were about to free the clerk when the king intervened. | intervened | affirmed actual
The army has opened an inquiry into the shelling. | inquiry | affirmed actual
The crowd wants the clerk freed. | freed | affirmed demanded
The king tried and failed to jail the editor. | jail | negated actual
Not for the first time, the army shelled the market. | shelled | affirmed actual
Not once did the army shell the market. | shell | negated actual
The clerk was tried for the bombing of the school. | bombing | affirmed actual
The treasury has stopped paying pensions. | paying | negated actual
The patrol stopped to repair the bridge. | stopped | affirmed actual
Journalists have been forbidden to enter the camp. | enter | negated demanded
The court barred the general from leaving the city. | leaving | negated demanded
The letter may not be published, read out or sold. | read | negated possible
The widow wondered why the court had not freed the clerk. | freed | negated actual
The widow wondered whether the court had freed the clerk. | freed | affirmed question
"""
RIGHT = 0.92  # the share of WIDE that has to be right


def rows(table: str) -> list[tuple[str, ...]]:
    return [tuple(x.strip() for x in line.split(" | ")) for line in table.strip().splitlines() if not line.startswith("#")]


BATCH = 40  # sentences read at once, each a paragraph of its own: one pass of the model is quicker than forty


@lru_cache(maxsize=64)
def read(sentences: tuple[str, ...]) -> allegedly.Reading:
    return allegedly.read("\n\n".join(sentences))


def statements_at(table: str, sentence: str, word: str) -> list[Statement]:
    """The statements whose predicate holds the word, in a batch of the table's sentences."""
    sentences = tuple(dict.fromkeys(row[0] for row in rows(table)))
    first = sentences.index(sentence) // BATCH * BATCH
    reading = read(sentences[first : first + BATCH])
    at = reading.article.text.index(sentence) + sentence.index(word)
    return [s for s in reading.statements if any(a <= at < b for a, b in s.predicate)]


@pytest.mark.parametrize(("sentence", "word", "expected"), rows(PLAIN))
def test_certainty(sentence: str, word: str, expected: str) -> None:
    found = statements_at(PLAIN, sentence, word)
    assert [f"{s.polarity} {s.status}" for s in found] == [expected], [(s.lemma, s.sure_rule) for s in found]


@pytest.mark.parametrize(("sentence", "word", "expected"), rows(ASKED))
def test_what_is_asked_or_hangs_on_a_lack(sentence: str, word: str, expected: str) -> None:
    found = statements_at(ASKED, sentence, word)
    assert [f"{s.polarity} {s.status}" for s in found] == [expected], [(s.lemma, s.sure_rule) for s in found]


def test_certainty_in_many_constructions() -> None:
    wrong = []
    for sentence, word, expected in rows(WIDE):
        found = statements_at(WIDE, sentence, word)
        if not any(f"{s.polarity} {s.status}" == expected for s in found):
            wrong.append((sentence, word, expected, [(s.polarity, s.status, s.sure_rule) for s in found]))
    assert len(wrong) <= (1 - RIGHT) * len(rows(WIDE)), wrong


@settings(max_examples=10, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "",
                "not",
                "no",
                "never",
                "will",
                "would",
                "if",
                "whether",
                "to",
                "deny",
                "deny",
                "that",
                "refuse",
                "attack",
                ".",
                "?",
                "Osk",
                "had",
            ]
        ),
        min_size=1,
        max_size=25,
    )
)
def test_no_text_breaks_the_climb(words: list[str]) -> None:
    for statement in allegedly.read("Osk " + " ".join(words)).statements:
        assert 0 <= statement.sure_score <= 1


@pytest.mark.parametrize(
    ("sentence", "word", "polarity"),
    [
        ("Not since the war have the two premiers spoken.", "spoken", "negated"),
        ("Not until Friday did the two premiers speak.", "speak", "affirmed"),
        ("The premiers have not spoken since the war.", "spoken", "negated"),
    ],
)
def test_a_phrase_before_the_auxiliary_negates(sentence: str, word: str, polarity: str) -> None:
    at = sentence.index(word)
    assert [s.polarity for s in allegedly.read(sentence).statements if any(a <= at < b for a, b in s.predicate)] == [polarity]
