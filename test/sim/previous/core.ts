// @ts-nocheck
// The core of the previous release (commit 4053814), frozen by freeze.mjs: data for the simulator, never edited.
var BrokenInvariant=class extends Error{name="BrokenInvariant"};function assert(condition,invariant){if(!condition)throw new BrokenInvariant(
invariant)}function unreachable(value,where){throw new BrokenInvariant(`${where}: impossible value ${JSON.stringify(value)}`)}function raiseAlarm(state,problem,subject=""){state.alarms.set(alarmName(problem.code,subject),{problem,sinceUs:state.nowUs})}
function endAlarm(state,code,subject=""){state.alarms.delete(alarmName(code,subject))}function hasAlarm(state,code,subject=""){
return state.alarms.has(alarmName(code,subject))}var alarmName=(code,subject)=>subject===""?code:`${code} ${subject}`;var groupKey=text=>text;var usPerMs=1e3;var usPerSecond=1e6;function compareText(left,right){return left<right?-1:left>right?1:0}var createTimers=()=>({armed:new Map});function arm(timers,name,atUs){timers.armed.set(name,atUs)}function disarm(timers,name){
timers.armed.delete(name)}function earliest(timers){let first;for(const atUs of timers.armed.values())if(first===void 0||
atUs<first)first=atUs;return first}function takeDue(timers,nowUs){const due=[...timers.armed].filter(([,atUs])=>atUs<=nowUs);
due.sort((left,right)=>left[1]-right[1]||compareText(left[0],right[0]));for(const[name]of due)timers.armed.delete(name);
return due.map(([name])=>name)}function textOf(message2,name){const value=fieldOf(message2,name)?.value;return typeof value==="string"?value:void 0}function bytesOf(message2,name){
const field=fieldOf(message2,name);if(field===void 0||field.opaqueType!==void 0)return void 0;return typeof field.value===
"string"?void 0:field.value}function messageOf(type,fields={}){return{fields:[{name:"t",value:type},...Object.entries(fields).
map(([name,value])=>({name,value}))]}}function fieldOf(message2,name){for(const field of message2.fields)if(field.name===
name)return field;return void 0}var attributesMax=64;var namePattern=/^[A-Za-z0-9_.-]{1,64}$/;var valueMax=256;var createAttributes=()=>({own:new Map,pending:new Map,
peer:new Map});function wantAttribute(state,name,value,dampenUs){const{own,pending}=state.attributes;if(!namePattern.test(
name)||!/^[ -~]*$/.test(value)||value.length>valueMax)return false;if(!own.has(name)&&!pending.has(name)&&own.size+pending.
size>=attributesMax)return false;const waiting=pending.get(name);if(own.get(name)===value)forget(state,name);else if(dampenUs===
0)take(state,name,value);else if(waiting!==void 0)waiting.value=value;else{const dueUs=state.nowUs+dampenUs;pending.set(
name,{value,dueUs});arm(state.timers,timerOf(name),dueUs)}return true}function settleAttributes(state){for(const[name,{value,
dueUs}]of state.attributes.pending)if(dueUs<=state.nowUs)take(state,name,value)}function attributeFields({attributes}){if(attributes.
own.size===0)return[];const sorted=[...attributes.own].sort(([left],[right])=>compareText(left,right));return[{name:"pba\
ttr",value:sorted.map(([name,value])=>`${name}=${escaped(value)}`).join(" ")}]}function attributeText(state){return attributeFields(
state).map(field=>field.value).join("")}var attributesChanged=state=>attributeText(state)!==state.attributesSent;function readAttributes({
attributes},message2){const text=textOf(message2,"pbattr")??"";const read=new Map;for(const word of text.split(" ").slice(
0,attributesMax)){const at=word.indexOf("=");const name=word.slice(0,at);if(at>0&&namePattern.test(name))read.set(name,unescaped(
word.slice(at+1)).slice(0,valueMax))}attributes.peer=read}function take(state,name,value){const former=state.attributes.
own.get(name);forget(state,name);state.attributes.own.set(name,value);const fields={name,value,former:former??""};state.
effects.push({type:"log",level:"notice",message:{code:"attribute-changed",fields}})}function forget(state,name){if(!state.
attributes.pending.delete(name))return;disarm(state.timers,timerOf(name))}var timerOf=name=>`attribute ${name}`;function escaped(value){
return value.replace(/[% ]/g,character=>character===" "?"%20":"%25")}function unescaped(value){return value.replace(/%(20|25)/g,
(_,code)=>code==="20"?" ":"%")}var utf8Decoder=new TextDecoder("utf-8",{fatal:true,ignoreBOM:true});var utf8Encoder=new TextEncoder;function decodeText(bytes,start2,end){
let text="";for(let at=start2;at<end;at++){const byte=bytes[at];if(byte===0)return void 0;if(byte>127)return decodeUtf8(
bytes.subarray(start2,end));text+=String.fromCharCode(byte)}return text}function decodeUtf8(bytes){if(bytes.includes(0))
return void 0;try{return utf8Decoder.decode(bytes)}catch{return void 0}}var ByteBuilder=class{bytes=new Uint8Array(512);length=0;text(text){
this.reserve(text.length*3);const start2=this.length;for(let index=0;index<text.length;index++){const code=text.charCodeAt(
index);if(code>127){this.length=start2+utf8Encoder.encodeInto(text,this.bytes.subarray(start2)).written;return this}this.
bytes[start2+index]=code}this.length=start2+text.length;return this}raw(bytes){this.reserve(bytes.length);this.bytes.set(
bytes,this.length);this.length+=bytes.length;return this}finish(){return this.bytes.slice(0,this.length)}reserve(more){if(this.
length+more<=this.bytes.length)return;const larger=new Uint8Array(Math.max(this.bytes.length*2,this.length+more));larger.
set(this.bytes.subarray(0,this.length));this.bytes=larger}};function textLength(text){for(let index=0;index<text.length;index++){
if(text.charCodeAt(index)>127)return utf8Encoder.encode(text).length}return text.length}function hasMark(bytes,offset,mark){
if(offset<0||offset+mark.length>bytes.length)return false;for(let index=0;index<mark.length;index++){if(bytes[offset+index]!==
mark.charCodeAt(index))return false}return true}function hexOf(bytes){let text="";for(const byte of bytes)text+=(byte<16?
"0":"")+byte.toString(16);return text}function bytesFromHex(text){const bytes=new Uint8Array(text.length/2);for(let index=0;index<
bytes.length;index++)bytes[index]=Number.parseInt(text.slice(2*index,2*index+2),16);return bytes}function parseHexNumber(text){
return text!==void 0&&/^[0-9a-fA-F]{1,12}$/.test(text)?Number.parseInt(text,16):void 0}function parseDecimalNumber(text){
return text!==void 0&&/^[0-9]{1,14}$/.test(text)?Number.parseInt(text,10):void 0}function isSealed(method){return method==="aes256gcm"||method==="chacha20poly1305"}function isSealingKey(key){return isSealed(
key.method)}function isSigningKey(key){return!isSealed(key.method)}var macDigits={crc:0,md5:32,sha1:40,sha256:64,sha512:128};
function keyOf(authentication,index){return authentication.keys.find(key=>key.index===index)}function computeMac(key,hashes,bytes){
return key.method==="crc"?crcOf(bytes).toString(16):hashes.hmac(key.method,key.secret,bytes)}function macMatches(key,hashes,bytes,claimed){
if(!isSigningKey(key))return false;const digits=macDigits[key.method];if(digits===0?claimed.length<1||claimed.length>8:claimed.
length!==digits)return false;return sameText(computeMac(key,hashes,bytes),claimed)}function sameText(left,right){if(left.
length!==right.length)return false;let difference=0;for(let index=0;index<left.length;index++)difference|=left.charCodeAt(
index)^right.charCodeAt(index);return difference===0}function crcOf(bytes){let crc=0;for(const byte of bytes)crc=crc<<8^
crcTable[crc>>>24^byte];return~crc>>>0}var crcTable=Int32Array.from({length:256},(_,byte)=>{let crc=byte<<24;for(let bit=0;bit<
8;bit++)crc=crc<0?crc<<1^79764919:crc<<1;return crc});var configurationCapability="configuration";var digestDigits=16;var partLength=1024;var partsMax=128;var answersPerSecond=32;
var quickAsks=10;var quickAskUs=usPerSecond;var slowAskUs=60*usPerSecond;var linesLogged=8;function createMeaningExchange(){
return{digest:"",own:"",isOpen:false,received:[],asked:0,nextAskUs:0,theirs:void 0,difference:void 0,answers:{sinceUs:0,
count:0}}}function followDifference(state,digest,differs,status){const{exchange}=state;if(!differs)return forget2(exchange);
const own=state.options.configurationDigest;if(exchange.digest!==digest||exchange.own!==own){forget2(exchange);exchange.
digest=digest;exchange.own=own;exchange.nextAskUs=state.nowUs}const answers=(textOf(status,"pbcaps")??"").split(",").includes(
configurationCapability);if(!answers||exchange.theirs!==void 0||state.nowUs<exchange.nextAskUs)return;exchange.received=
[];exchange.nextAskUs=state.nowUs+(exchange.asked<quickAsks?quickAskUs:slowAskUs);exchange.asked++;exchange.isOpen=true;
ask(state)}function configurationMessage(state,{message:message2}){const type=textOf(message2,"t");if(type==="pbask")answer(
state,message2);else if(type==="pbmeaning")receive(state,message2);else return false;return true}function ownMeaningChanged({
exchange,options}){if(exchange.theirs===void 0)return;exchange.difference=differenceOf(options.configurationMeaning,exchange.
theirs)}function forget2(exchange){const{answers}=exchange;Object.assign(exchange,createMeaningExchange(),{answers})}function ask(state){
const{exchange,options}=state;const part=String(exchange.received.length+1);state.effects.push({type:"send",message:messageOf(
"pbask",{digest:exchange.digest,part}),dest:options.peer})}function answer(state,message2){const{exchange,options,nowUs}=state;
if(nowUs-exchange.answers.sinceUs>=usPerSecond)exchange.answers={sinceUs:nowUs,count:0};const digest=options.configurationDigest.
slice(0,digestDigits);const part=parseDecimalNumber(textOf(message2,"part"))??0;const text=options.configurationMeaning.
join("\n");const parts=Math.max(1,Math.ceil(text.length/partLength));if(textOf(message2,"digest")!==digest||part<1||part>
parts||parts>partsMax)return;if(exchange.answers.count>=answersPerSecond)return;exchange.answers.count++;const lines=text.
slice((part-1)*partLength,part*partLength);const fields={digest,part:String(part),parts:String(parts),sum:sumOf(text),lines};
state.effects.push({type:"send",message:messageOf("pbmeaning",fields),dest:options.peer})}function receive(state,message2){
const{exchange}=state;if(!exchange.isOpen||textOf(message2,"digest")!==exchange.digest)return;const part=parseDecimalNumber(
textOf(message2,"part"))??0;const parts=parseDecimalNumber(textOf(message2,"parts"))??0;const lines=textOf(message2,"lin\
es");if(part!==exchange.received.length+1||part>parts||parts>partsMax)return;if(lines===void 0||lines.length>partLength)
return;exchange.received.push(lines);if(part<parts)return ask(state);const text=exchange.received.join("");exchange.received=
[];exchange.isOpen=false;if(textOf(message2,"sum")!==sumOf(text))return;exchange.theirs=text.split("\n");exchange.difference=
differenceOf(state.options.configurationMeaning,exchange.theirs);logDifference(state,exchange.difference)}function sumOf(text){
return crcOf(new TextEncoder().encode(text)).toString(16)}function differenceOf(here,there){const onlyHere=without(here,
there);const onlyThere=without(there,here);if(onlyHere.length>0||onlyThere.length>0)return{onlyHere,onlyThere};const moved=(lines,others)=>lines.
filter((line,position)=>others[position]!==line);return{onlyHere:moved(here,there),onlyThere:moved(there,here)}}function without(lines,others){
const left=new Map;for(const line of others)left.set(line,(left.get(line)??0)+1);return lines.filter(line=>{const count3=left.
get(line)??0;if(count3>0)left.set(line,count3-1);return count3===0})}function logDifference(state,{onlyHere,onlyThere}){
const shown=lines=>lines.length===0?"nothing":lines.slice(0,linesLogged).join("; ")+(lines.length>linesLogged?"; ...":"");
const fields={peer:state.options.peer,here:shown(onlyHere),there:shown(onlyThere)};state.effects.push({type:"log",level:"\
error",message:{code:"configuration-difference",fields}})}function success(value){return{ok:true,value}}function failure(code,fields={}){return{ok:false,problem:{code,fields}}}var fencePeerCode={inconsistent:3,outdated:4,unreachable:5,primary:6,failed:20};var questionsMax=64;var runningMax=16;var resourceName=/^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}$/;
var client={from_id:"dopd",to_id:"dopd",client_gen:"0"};var createDopd=()=>({nextId:1,asked:[],running:new Map});function outdatePeer(state,resource,timeoutMs,requestId){
const{dopd,peer,options,nowUs}=state;if(!isOn(state))return refuse(state,requestId,failure("dopd-off",{node:options.self}).
problem);if(!resourceName.test(resource))return refuse(state,requestId,failure("dopd-resource",{resource}).problem);if(peer.
presence!=="up")return answer2(state,requestId,resource,fencePeerCode.unreachable);if(dopd.asked.length>=questionsMax)return answer2(
state,requestId,resource,fencePeerCode.failed);const dueUs=nowUs+timeoutMs*usPerMs;dopd.asked.push({resource,requestId,askedUs:nowUs,
dueUs});arm(state.timers,`outdate ${requestId}`,dueUs);say(state,"start_outdate",{dop_res:resource})}function dopdMessage(state,message2){
const type=textOf(message2,"t");const resource=textOf(message2,"dop_res")??"";if(type==="start_outdate")peerAsks(state,resource);
if(type!=="outdate_rc")return;const code=Number.parseInt(textOf(message2,"dop_value")??"",10);for(const question of takeQuestions(
state,one=>one.resource===resource))answer2(state,question.requestId,resource,Number.isInteger(code)?code:fencePeerCode.
failed)}function outdateDone(state,{id,exitCode}){const resource=state.dopd.running.get(id);if(resource===void 0)return;
state.dopd.running.delete(id);const code=codeOf(exitCode);const fields={resource,peer:state.options.peer,code,exitCode:exitCode??
"none"};const level=code===fencePeerCode.outdated?"notice":"warning";state.effects.push({type:"log",level,message:{code:"\
dopd-outdated-here",fields}});say(state,"outdate_rc",{dop_value:String(code),dop_res:resource})}function settleDopd(state){
const{peer,nowUs}=state;if(peer.presence!=="up"){for(const question of takeQuestions(state,()=>true))answer2(state,question.
requestId,question.resource,fencePeerCode.unreachable);return}for(const question of takeQuestions(state,one=>nowUs>=one.
dueUs)){const talks=peer.lastHeardUs>question.askedUs+2*state.options.keepaliveMs*usPerMs;const code=talks?fencePeerCode.
failed:fencePeerCode.unreachable;answer2(state,question.requestId,question.resource,code)}}function dopdHostLost(state){
const ids2=[...state.dopd.running.keys()];for(const id of ids2)outdateDone(state,{type:"outdateDone",nowUs:state.nowUs,id,
exitCode:void 0})}function peerAsks(state,resource){const{dopd}=state;const willing=isOn(state)&&resourceName.test(resource)&&
dopd.running.size<runningMax&&state.hostReady;if(!willing){const fields={resource:resource.slice(0,128),peer:state.options.
peer};state.effects.push({type:"log",level:"warning",message:{code:"dopd-refused",fields}});say(state,"outdate_rc",{dop_value:String(
fencePeerCode.failed),dop_res:resource.slice(0,128)});return}const id=dopd.nextId++;dopd.running.set(id,resource);state.
effects.push({type:"outdate",id,resource})}function codeOf(exitCode){if(exitCode===0)return fencePeerCode.outdated;if(exitCode===
5)return fencePeerCode.inconsistent;return exitCode===17?fencePeerCode.primary:fencePeerCode.failed}function takeQuestions(state,which){
const{asked}=state.dopd;const taken=asked.filter(which);for(const question of taken)asked.splice(asked.indexOf(question),
1);return taken}function answer2(state,requestId,resource,code){if(code===fencePeerCode.outdated){state.effects.push({type:"\
reply",requestId,ok:true,final:true});return}refuse(state,requestId,failure("dopd-answer",{resource,peer:state.options.peer,
code}).problem)}function refuse(state,requestId,problem){state.effects.push({type:"reply",requestId,ok:false,problem,final:true})}
var isOn=({options})=>options.clients?.includes("dopd")===true;function say(state,type,fields){state.effects.push({type:"\
send",message:messageOf(type,{...fields,...client}),dest:state.options.peer})}var noClass={ours:false,theirs:false};function createClassicPeer(){return{knowsUsSince:void 0,firstAskedUs:void 0,nodesAskedUs:void 0,
startingSaidUs:void 0,introduced:false,doubtSinceUs:void 0,orphanedSinceUs:void 0,startedSequence:0,held:noClass,stable:false,
claimSequence:0,lettingGo:noClass,handed:noClass,takenSequence:void 0,offered:noClass,leaving:false,declaredUsDeadUs:void 0,
released:new Set,requestedUs:void 0,wanted:new Map,triedToGive:new Set}}var isClassic=state=>state.peer.product==="heart\
beat";var classOf=(state,group)=>isOwnerOf(state,group)?"ours":"theirs";function classesInScope(scope,giver){const local=giver===
"us"?"ours":"theirs";return{ours:scope==="all"||scope==="local"===(local==="ours"),theirs:scope==="all"||scope==="local"===
(local==="theirs")}}var eitherOf=(left,right)=>({ours:left.ours||right.ours,theirs:left.theirs||right.theirs});var without2=(flags,removed)=>({
ours:flags.ours&&!removed.ours,theirs:flags.theirs&&!removed.theirs});import{assign,setup}from"xstate";var letterOfState={stopped:"-",offered:"o",failed:"x",starting:"s",running:"r",trimming:"\
s",trimRetrying:"s",filling:"s",dropping:"s",dropRetrying:"s",cancelling:"p",stopping:"p",retrying:"p",stopFailed:"f",unknown:"\
u"};var begun=setup({types:{context:{},events:{},input:{}},actions:{runStart:(_,_params)=>{},runStop:(_,_params)=>{},armRetry:()=>{},
started:()=>{},stopped:()=>{},startFailed:()=>{},stopFailedForGood:()=>{},changed:()=>{},leftOut:(_,_params)=>{}},guards:{
isLast:({context})=>context.at+1>=context.size,isFirst:({context})=>context.at<=0,mayRetry:({context})=>context.attempts+
1<context.stopRetryMax,thenOffered:({context})=>context.after==="offered",thenFailed:({context})=>context.after==="faile\
d",stopsSomething:({event})=>event.type==="change"&&event.stops.length>0,startsSomething:({event})=>event.type==="change"&&
event.starts.length>0,moreStops:({context})=>context.stops.length>1,anyStarts:({context})=>context.starts.length>0,moreStarts:({
context})=>context.starts.length>1,isOptional:({context})=>context.optional.includes(context.at)}});var runStart={type:"\
runStart",params:({context})=>({at:context.at})};var runStop={type:"runStop",params:({context})=>({at:context.at})};var rewind=assign(
{at:0,attempts:0});var fromEnd=assign({at:({context})=>context.size-1,attempts:0});var next=assign({at:({context})=>context.
at+1});var previous=assign({at:({context})=>context.at-1,attempts:0});var countAttempt=assign({attempts:({context})=>context.
attempts+1});var clearAttempts=assign({attempts:0});var thenFail=assign({after:"failed",attempts:0});var thenStop=assign(
{after:"stopped",attempts:0});var rememberAfter=assign({after:({event,context})=>event.type==="stop"?event.after:context.
after});var takeStops=assign(({event,context})=>event.type==="change"?{...partsOf(event),at:event.stops[0]??context.at}:
{});var takeStarts=assign(({event,context})=>event.type==="change"?{...partsOf(event),at:event.starts[0]??context.at}:{});
var nextStop=assign(({context})=>({stops:context.stops.slice(1),at:context.stops[1]??context.at,attempts:0}));var firstStart=assign(
({context})=>({stops:[],at:context.starts[0]??context.at,attempts:0}));var nextStart=assign(({context})=>({starts:context.
starts.slice(1),at:context.starts[1]??context.at,attempts:0}));var leftOut={type:"leftOut",params:({context})=>({at:context.
at})};function partsOf({size,stops,starts,optional}){return{size,stops,starts,optional,attempts:0}}var groupMachine=begun.
createMachine({id:"group",context:({input})=>({size:input.size,at:0,after:"stopped",attempts:0,stopRetryMax:input.stopRetryMax,
stops:[],starts:[],optional:[]}),initial:"stopped",states:{stopped:{on:{start:{target:"starting",actions:[rewind,runStart]},
offer:"offered",adopt:"running",suspect:"unknown",sticky:"stopFailed"}},offered:{on:{withdraw:"stopped",suspect:"unknown"}},
failed:{on:{cleanup:"stopped",suspect:"unknown"}},starting:{on:{done:[{guard:"isLast",target:"running",actions:"started"},
{target:"starting",actions:[next,runStart]}],failed:{target:"stopping",actions:["startFailed",thenFail,runStop]},lost:{target:"\
unknown"},stop:{target:"cancelling",actions:rememberAfter},suspect:"unknown"}},cancelling:{on:{done:{target:"stopping",actions:[
clearAttempts,runStop]},failed:{target:"stopping",actions:[clearAttempts,runStop]},lost:"unknown",stop:{target:"cancelli\
ng",actions:rememberAfter},suspect:"unknown"}},running:{on:{stop:{target:"stopping",actions:[fromEnd,rememberAfter,runStop]},
change:[{guard:"stopsSomething",target:"trimming",actions:[takeStops,runStop]},{guard:"startsSomething",target:"filling",
actions:[takeStarts,runStart]}],suspect:"unknown"}},trimming:{on:{done:[{guard:"moreStops",target:"trimming",actions:[nextStop,
runStop]},{guard:"anyStarts",target:"filling",actions:[firstStart,runStart]},{target:"running",actions:"changed"}],failed:[
{guard:"mayRetry",target:"trimRetrying",actions:[countAttempt,"armRetry"]},{target:"stopFailed",actions:"stopFailedForGo\
od"}],lost:"unknown",stop:{target:"cancelling",actions:[rememberAfter,fromEnd]},suspect:"unknown"}},trimRetrying:{on:{retry:{
target:"trimming",actions:runStop},stop:{target:"stopping",actions:[rememberAfter,fromEnd,runStop]},suspect:"unknown"}},
filling:{on:{done:[{guard:"moreStarts",target:"filling",actions:[nextStart,runStart]},{target:"running",actions:"changed"}],
failed:[{guard:"isOptional",target:"dropping",actions:[clearAttempts,leftOut,runStop]},{target:"stopping",actions:["star\
tFailed",thenFail,fromEnd,runStop]}],lost:"unknown",stop:{target:"cancelling",actions:[rememberAfter,fromEnd]},suspect:"\
unknown"}},dropping:{on:{done:[{guard:"moreStarts",target:"filling",actions:[nextStart,runStart]},{target:"running",actions:"\
changed"}],failed:[{guard:"mayRetry",target:"dropRetrying",actions:[countAttempt,"armRetry"]},{target:"stopFailed",actions:"\
stopFailedForGood"}],lost:"unknown",stop:{target:"cancelling",actions:[rememberAfter,fromEnd]},suspect:"unknown"}},dropRetrying:{
on:{retry:{target:"dropping",actions:runStop},stop:{target:"stopping",actions:[rememberAfter,fromEnd,runStop]},suspect:"\
unknown"}},stopping:{on:{done:[{guard:{type:"isFirst"},target:"finishing"},{target:"stopping",actions:[previous,runStop]}],
failed:[{guard:"mayRetry",target:"retrying",actions:[countAttempt,"armRetry"]},{target:"stopFailed",actions:"stopFailedF\
orGood"}],lost:"unknown",stop:{target:"stopping",actions:rememberAfter},suspect:"unknown"}},retrying:{on:{retry:{target:"\
stopping",actions:runStop},stop:{target:"retrying",actions:rememberAfter},suspect:"unknown"}},finishing:{always:[{guard:"\
thenOffered",target:"offered",actions:"stopped"},{guard:"thenFailed",target:"failed",actions:"stopped"},{target:"stopped",
actions:"stopped"}]},stopFailed:{on:{cleanup:{target:"stopping",actions:[fromEnd,thenStop,runStop]},suspect:"stopFailed"}},
unknown:{on:{stop:{target:"stopping",actions:[fromEnd,rememberAfter,runStop]},sticky:"stopFailed",adopt:"running"}}}});import{setup as setup2}from"xstate";var handoverMachine=setup2({types:{events:{}}}).createMachine({id:"handover",initial:"\
idle",states:{idle:{on:{ask:"asking",asked:"taking"}},asking:{on:{agreed:"releasing",refused:"idle",timeout:"idle",peerGone:"\
idle"}},releasing:{on:{released:"handing",failed:"idle",peerGone:"idle"}},handing:{on:{taken:"idle",failed:"idle",timeout:"\
idle",peerGone:"idle"}},taking:{on:{taken:"idle",failed:"idle",timeout:"idle",peerGone:"idle"}}}});var addressTypes=["IPaddr","IPaddr2","IPv6addr"];function createMonitor(configuration){return{watches:configuration.resources.map(createWatch),watching:false,restartedFrom:void 0,
restartedUs:0,failures:[],lastFailed:void 0,restarts:0,waitUntilUs:void 0}}function followResources(monitor,resources){const known=new Map(
monitor.watches.map(watch=>[watch.written,watch]));monitor.watches=resources.map(resource=>known.get(resource.written)??
createWatch(resource))}function createWatch(resource){return{written:resource.written,check:void 0,dueUs:void 0,askedUs:0,
said:void 0,saidUs:0,answers:0,proven:hasContract(resource),unreliable:false}}function hasContract(resource){return resource.
kind==="ocf"||addressTypes.includes(resource.type)}function intervalOf(options,group,index){const resource=group.resources[index];
for(const name of[resource.written,group.key,resource.type]){const intervalMs=options.intervalsMs[name];if(intervalMs!==
void 0)return intervalMs}return options.intervalMs}import{setup as setup3}from"xstate";var lifeMachine=setup3({types:{events:{}}}).createMachine({id:"node",initial:"joinin\
g",states:{joining:{on:{joined:"member",paused:"paused",stopRequested:"leaving"}},member:{on:{paused:"paused",stopRequested:"\
leaving"}},paused:{on:{rejoined:"joining",stopRequested:"leaving"}},leaving:{on:{emptied:"left"}},left:{type:"final"}}});import{createActor,initialTransition}from"xstate";function begin(machine,input){const[snapshot]=initialTransition(machine,
input);return store(snapshot)}function advance(machine,stored,event){const before=machine.resolveState({value:stored.value,
context:stored.context});const actions=[];const scope=scopeOf(machine);scope.actionExecutor=({type,params})=>{actions.push(
{type,params})};const next2=machine.transition(before,event,scope);const snapshot=store(next2);return{snapshot,actions,changed:snapshot.
value!==stored.value||actions.length>0}}function store(snapshot){const{value,context}=snapshot;return{value,context}}var scopes=new WeakMap;
function scopeOf(machine){const known=scopes.get(machine);if(known!==void 0)return known;const self=createActor(machine,
{input:{}});const ignored=()=>{};const scope={self,system:self.system,id:"",sessionId:"",logger:ignored,defer:ignored,emit:ignored,
stopChild:ignored,actionExecutor:ignored};scopes.set(machine,scope);return scope}function createPingNodes(options){return options.map(one=>({options:one,status:"init",heardUs:0,answered:false,nextAskUs:void 0}))}
function beginAsking(nodes,nowUs){for(const node of nodes){node.nextAskUs=nowUs;node.heardUs=nowUs}}function pingDeadline(nodes){
let first;for(const{nextAskUs,status,heardUs,options}of nodes){if(nextAskUs===void 0)continue;const next2=status==="dead"?
nextAskUs:Math.min(nextAskUs,heardUs+options.deadUs);if(first===void 0||next2<first)first=next2}return first}function stepPingNodes(nodes,nowUs){
const ask2=new Map;const changes=[];for(const node of nodes){if(node.nextAskUs===void 0)continue;const lateUs=nowUs-node.
nextAskUs;const{intervalUs,deadUs,targets}=node.options;if(lateUs>intervalUs)node.heardUs=Math.min(nowUs,node.heardUs+lateUs);
if(lateUs>=0){for(const target of targets)ask2.set(target.address,target);node.nextAskUs=lateUs>intervalUs?nowUs+intervalUs:
node.nextAskUs+intervalUs}if(node.status!=="dead"&&nowUs-node.heardUs>=deadUs)changes.push(become(node,"dead"))}return{ask:[
...ask2.values()].sort((left,right)=>compareText(left.address,right.address)),changes}}function pingAnswered(nodes,address,nowUs){
const changes=[];for(const node of nodes){if(!node.options.targets.some(target=>target.address===address))continue;node.
heardUs=nowUs;node.answered=true;if(node.status!=="ping")changes.push(become(node,"ping"))}return changes}function livePingNodes(nodes){
return nodes.filter(node=>node.options.listed&&node.status==="ping").length}function become(node,status){const former=node.
status;node.status=status;return{node,former}}function createReach(options){return{nodes:createPingNodes(options.pingNodes),lessSinceUs:void 0,peerEvenSinceUs:void 0,
askAgainUs:0,fetched:false,disputed:void 0,disputedAtVersion:0,classicCount:void 0,classicTold:void 0}}var unpublished=Number.MAX_SAFE_INTEGER;function createNode(options,generation){return{options,exchange:createMeaningExchange(),
digestSent:"",nowUs:0,generation,bootUs:0,waitingSinceUs:0,waitMs:options.initdeadMs,life:begin(lifeMachine,void 0),hostReady:false,
peer:unknownPeer(),groups:options.groups.map(configuration=>createGroup(configuration,options.stopRetryMax)),handoverPhase:begin(
handoverMachine,void 0),handover:void 0,pendingTakeover:void 0,questions:createClientQuestions(),reportVersion:0,reportContent:"",
listsSaid:"",listsAtVersion:0,listsMemo:void 0,ackSent:0,holdSent:"",statusSent:"",nextOperationId:1,nextRecordId:1,probes:new Map,
rejoinDue:false,rejoinAsked:false,stuckRecorded:"",unmanagedRecorded:'{"unmanaged":[]}',marksRecorded:"",split:void 0,reach:createReach(
options.reach),attributes:createAttributes(),dopd:createDopd(),attributesSent:"",peerStatusTold:"init",alarms:new Map,timers:createTimers(),
effects:[]}}function createGroup(configuration,stopRetryMax){return{configuration,wanted:configuration,leftOut:[],going:[],
snapshot:begin(groupMachine,{size:configuration.resources.length,stopRetryMax}),inFlight:void 0,evidence:void 0,decidedUs:0,
startedUs:0,marked:false,claimedAtVersion:0,offeredAtVersion:0,withdrawnAtVersion:0,operatorWord:void 0,stuckAtPeer:false,
lastFailure:void 0,monitor:createMonitor(configuration),unmanaged:void 0,disputedSinceUs:void 0}}function unknownPeer(){
return{presence:"never",generation:0,uuid:"",product:"unknown",classic:createClassicPeer(),linkViewVersion:0,lastHeardUs:0,
returnedUs:void 0,silentSinceUs:0,deadtimeMs:0,status:"init",report:void 0,reportUs:0,overheard:void 0,fresh:false,configurationDigest:void 0,
deafSinceUs:void 0,failbackDue:false}}var stageOf=state=>state.life.value;function letterOf(group){return letterOfState[group.
snapshot.value]??"u"}function isOwnerOf(state,group){return group.configuration.owner===state.options.self}var createClientQuestions=()=>({nextId:1,waiting:new Map});var forgottenUs=60*usPerSecond;var waitingMax=16;function hasClient(state,client3){
const{clients=[]}=state.options;return["member","leaving"].includes(stageOf(state))&&clients.includes(client3)}function askClient(state,client3,requestId){
const{questions,peer,options}=state;if(peer.presence!=="up"){const problem={code:"client-offline",fields:{client:client3,
node:options.peer}};state.effects.push({type:"reply",requestId,ok:false,problem,final:true});return}for(const[id2,{askedUs}]of questions.
waiting){if(state.nowUs-askedUs>forgottenUs||questions.waiting.size>=waitingMax)questions.waiting.delete(id2)}const id=String(
questions.nextId++);questions.waiting.set(id,{requestId,askedUs:state.nowUs});const message2=messageOf("query-cstatus",{
cn:client3,from_id:id});state.effects.push({type:"send",message:message2,dest:options.peer})}function clientMessage(state,{
message:message2}){const type=textOf(message2,"t");if(type==="query-cstatus")answerPeer(state,message2);if(type==="respo\
nd-cstatus")takeAnswer(state,message2)}function answerPeer(state,message2){const client3=textOf(message2,"cn")??"";const cs=hasClient(
state,client3)?"online":"offline";const answer3={result:"OK",cn:client3.slice(0,128),to_id:(textOf(message2,"from_id")??
"").slice(0,32),cs};state.effects.push({type:"send",message:messageOf("respond-cstatus",answer3),dest:state.options.peer})}
function takeAnswer(state,message2){const id=textOf(message2,"to_id")??"";const question=state.questions.waiting.get(id);
if(question===void 0)return;state.questions.waiting.delete(id);const{requestId}=question;if(textOf(message2,"cs")==="onl\
ine"){state.effects.push({type:"reply",requestId,ok:true,final:true});return}const fields={client:textOf(message2,"cn")??
"",node:state.options.peer};state.effects.push({type:"reply",requestId,ok:false,problem:{code:"client-offline",fields},final:true})}function tellMessage(state,message2,from){if(textOf(message2,"t")==="status")return;tell(state,{...textFields(message2),
src:from},state.peerStatusTold)}function tellOwnMessages(state){const status=ownStatus(state);for(const effect of[...state.
effects]){if(effect.type==="send"&&!isOurs(effect.message))tell(state,{...textFields(effect.message),src:state.options.self},
status)}}function isOurs(message2){return["pbask","pbmeaning"].includes(textOf(message2,"t")??"")}function tellStatusChanges(state){
const{peer,self}=state.options;const status=peerStatus(state);if(status===state.peerStatusTold)return;const former=state.
peerStatusTold;state.peerStatusTold=status;const result=state.peer.presence==="left"?"unneeded":"n_stnth";if(status==="d\
ead")tell(state,{t:"stonith",node:peer,result,src:self},former);const{generation,deadtimeMs}=state.peer;const fields={t:"\
status",st:status,dt:deadtimeMs.toString(16),hg:generation.toString(16),src:peer};tell(state,fields,former)}function tellLink(state,node,link,up){
tell(state,{t:"ifstat",node,ifname:link,st:up?"up":"dead"},state.peerStatusTold)}function tellGiving(state,key){tell(state,
{t:"local_giveip",ipaddr:key,src:state.options.peer},state.peerStatusTold)}function tell(state,fields,formerStatus){state.
effects.push({type:"clusterEvent",event:{fields,formerStatus}})}function textFields(message2){const fields={};for(const{
name,value}of message2.fields)if(typeof value==="string")fields[name]??=value;return fields}function ownStatus(state){const stage=stageOf(
state);return stage==="joining"||stage==="paused"?"up":stage==="left"?"dead":"active"}function peerStatus(state){if(state.
peer.presence==="up")return state.peer.status;const awaited=state.peer.presence==="never"&&["joining","paused"].includes(
stageOf(state));return awaited?"init":"dead"}var letterMeaning={"-":"stopped",o:"offered",x:"start-failed",s:"starting",r:"running",p:"stopping",f:"stop-failed",u:"u\
nknown"};var heldLetters=new Set(["s","r","p","f","u"]);var offeringLetters=new Set(["o","x"]);var isHeld=letter=>heldLetters.
has(letter);var isOffered=letter=>offeringLetters.has(letter);function isLetter(text){return Object.hasOwn(letterMeaning,
text)}function authorizeStart(operation,evidence){assert(operation.action==="start","the ownership gate authorizes starts");assert(
evidence!==void 0,`S2: start of ${operation.group} without evidence`);return{type:"operation",operation,evidence}}function evidenceFor(facts){
if(!facts.mayAct)return failure("start-refused-not-member");if(facts.ownLetter!=="-")return failure("start-refused-not-s\
topped-here",{letter:facts.ownLetter});switch(facts.peer.presence){case"up":return fromReport(facts);case"left":return blockedByFailedStop(
facts)??success({kind:"peerShutDown",peerGeneration:facts.peer.generation});case"silent":return blockedByFailedStop(facts)??
success(unprotected(facts.peer,true));case"never":if(!facts.peer.initdeadPassed)return failure("start-refused-peer-not-s\
een");return blockedByFailedStop(facts)??success(unprotected(facts.peer,false))}}function evidenceForPart(ownLetter,held){
assert(ownLetter==="s","a group that is changed in place has been held all along");return{kind:"heldHere",sinceUs:held.sinceUs,
first:firstKind(held.first)}}function firstKind(evidence){if(evidence===void 0)return"adopted";return evidence.kind==="h\
eldHere"?evidence.first:evidence.kind}function effectiveOwner(ownerByUs,ownerByPeer){return ownerByPeer===void 0||ownerByUs<
ownerByPeer?ownerByUs:ownerByPeer}function fromReport(facts){const{peer}=facts;if(!peer.fresh)return failure("start-refu\
sed-no-fresh-report");if(peer.ack<facts.withdrawnAtVersion)return failure("start-refused-withdrawal-not-seen");if(peer.statement===
void 0)return failure("start-refused-unknown-to-peer");const{letter}=peer.statement;if(isHeld(letter))return failure("st\
art-refused-held-by-peer",{letter});const isOwner=effectiveOwner(facts.ownerByUs,peer.statement.owner)===facts.self;if(!isOwner&&
!isOffered(letter))return failure("start-refused-not-offered",{letter});return success({kind:"peerConfirmedStopped",peerGeneration:peer.
generation,reportVersion:peer.reportVersion,letter})}function blockedByFailedStop(facts){if(!facts.peer.failedStop)return void 0;
if(facts.operatorWord!==void 0)return success({kind:"operator",who:facts.operatorWord});return failure("start-refused-fa\
iled-stop-at-peer")}function unprotected(peer,peerSeen){const{silentSinceUs,deadtimeMs,linkViewVersion}=peer;return{kind:"\
unprotected",peerSeen,silentSinceUs,deadtimeMs,linkViewVersion}}function changeDone(state,group){const stays=resource=>!group.leftOut.includes(resource.written)&&!group.going.includes(
resource);setResources(group,group.configuration.resources.filter(stays));group.going=[];const fields={group:group.configuration.
key,resources:group.configuration.resources.length};state.effects.push({type:"log",level:"notice",message:{code:"group-c\
hanged",fields}})}function leaveOut(state,group,at){const written=group.configuration.resources[at]?.written??"";group.leftOut=
[...group.leftOut,written];const problem={code:"resource-left-out",fields:{group:group.configuration.key,resource:written,
reason:group.lastFailure??""}};raiseAlarm(state,problem,`${group.configuration.key} ${written}`);state.effects.push({type:"\
log",level:"error",message:problem})}function tryLeftOutAgain(state,group){for(const written of group.leftOut)endAlarm(state,
"resource-left-out",`${group.configuration.key} ${written}`);group.leftOut=[]}function setResources(group,resources){group.
configuration={...group.configuration,resources};followResources(group.monitor,resources);const{value,context}=group.snapshot;
group.snapshot={value,context:{...context,size:resources.length}}}function sameResource(left,right){return left.kind===right.
kind&&left.type===right.type&&left.args.length===right.args.length&&left.args.every((argument,index)=>argument===right.args[index])}function tellPingChange(state,{node,former}){const{name,listed,deadUs}=node.options;const up=node.status==="ping";const listedCount=state.
reach.nodes.filter(one=>one.options.listed).length;const fields={name,live:livePingNodes(state.reach.nodes),count:listedCount,
deadMs:deadUs/usPerMs};const code=up?"ping-node-up":former==="init"?"ping-node-never-up":"ping-node-dead";state.effects.
push({type:"log",level:up?"notice":"warning",message:{code,fields}});if(!listed)return;const own=ownStatus(state);if(!up)
tell(state,{t:"status",st:"dead",info:"ping",src:name},own);tell(state,{t:"ifstat",node:name,ifname:name,st:up?"up":"dea\
d"},own)}function beginReach(state){beginAsking(state.reach.nodes,state.nowUs);askPingNodes(state)}function changePingNodes(state,{
pingNodes}){const{nodes}=state.reach;const known=new Map(nodes.map(node=>[JSON.stringify(node.options),node]));const wanted=createPingNodes(
pingNodes).map(node=>known.get(JSON.stringify(node.options))??node);const begun2=nodes.length===0?stageOf(state)!=="join\
ing":nodes.some(node=>node.nextAskUs!==void 0);if(begun2)beginAsking(wanted.filter(node=>!nodes.includes(node)),state.nowUs);
nodes.splice(0,nodes.length,...wanted)}function askPingNodes(state){const{nodes}=state.reach;if(nodes.length===0)return;
const{ask:ask2,changes}=stepPingNodes(nodes,state.nowUs);if(ask2.length>0)state.effects.push({type:"ping",targets:ask2});
tell2(state,changes)}function pingNodeAnswered(state,event){tell2(state,pingAnswered(state.reach.nodes,event.address,state.
nowUs))}function reachReport({reach}){if(!reach.nodes.some(node=>node.options.listed))return void 0;const live=livePingNodes(
reach.nodes);return reach.disputed===void 0?{live}:{live,disputed:reach.disputed}}function peerReach({peer,reach}){if(peer.
presence!=="up"||peer.deafSinceUs!==void 0)return void 0;if(peer.product==="heartbeat")return reach.classicCount;return peer.
fresh?peer.report?.pings?.live:void 0}function freezeReach({reach}){if(reach.disputed!==void 0)return;reach.disputed=livePingNodes(
reach.nodes);reach.disputedAtVersion=unpublished}function thawReach({reach}){reach.disputed=void 0;reach.disputedAtVersion=
0}function betterReach(state){const{reach,peer}=state;const theirs=peer.report?.pings;if(theirs===void 0||reachReport(state)===
void 0)return"nobody";if(reach.disputed===void 0||theirs.disputed===void 0)return"undecided";if((peer.report?.ack??0)<reach.
disputedAtVersion)return"undecided";if(reach.disputed===theirs.disputed)return"nobody";return reach.disputed>theirs.disputed?
"ours":"theirs"}function tell2(state,changes){for(const change of changes)tellPingChange(state,change)}var leastDelayMs=100;function mayFailBack(state){const{reach,options}=state;if(!options.reach.ipfail)return true;const theirs=peerReach(
state);if(theirs===void 0)return true;if(theirs<livePingNodes(reach.nodes))return false;if(!reach.fetched)return true;if(theirs===
0||reach.peerEvenSinceUs===void 0)return false;const dueUs=reach.peerEvenSinceUs+homewardUs(state);if(state.nowUs>=dueUs)
return true;arm(state.timers,"ipfail home",dueUs);return false}function noteFetched(state){const theirs=peerReach(state);
if(!state.options.reach.ipfail||theirs===void 0)return;if(theirs>=livePingNodes(state.reach.nodes))return;state.reach.fetched=
true;state.peer.failbackDue=true}function delayUs({options}){return Math.max(2*options.keepaliveMs,leastDelayMs)*usPerMs}
function homewardUs(state){const deadUs=Math.max(0,...state.reach.nodes.map(node=>node.options.listed?node.options.deadUs:
0));return deadUs+delayUs(state)}function claimOf(state){const stage=stageOf(state);if(!isClassic(state))return{hold:heldClass(state),stable:isStable(state),
info:void 0};if(!state.peer.classic.introduced||state.options.legacyFailback===true)return void 0;if(stage==="leaving"||
stage==="left")return{hold:"none",stable:false,info:"shutdown"};const giving=isGivingClass(state,"ours")||isGivingClass(
state,"theirs");const busy=isHandingOver(state)&&state.handoverPhase.value!=="asking";return{hold:heldClass(state),stable:isStable(
state)&&!busy,info:giving?"standby":void 0}}function heldClass(state){const local=holdsClass(state,"ours");const foreign=holdsClass(
state,"theirs");return local&&foreign?"all":local?"local":foreign?"foreign":"none"}function holdsEmptyClass(state,resourceClass){
return groupsOf(state,resourceClass).length===0&&holdsClass(state,resourceClass)}function holdsClass(state,resourceClass){
const groups=groupsOf(state,resourceClass);if(groups.length>0)return groups.some(group=>countsAsHeld(state,group));if(stageOf(
state)!=="member")return false;if(!isClassic(state))return resourceClass==="ours";const{presence,classic}=state.peer;if(presence!==
"up")return true;if(isGivingClass(state,resourceClass)||classic.held[resourceClass]||classic.handed[resourceClass])return false;
return resourceClass==="ours"||classic.stable&&classic.claimSequence>0}var groupsOf=(state,resourceClass)=>state.groups.
filter(group=>classOf(state,group)===resourceClass);function isGivingClass(state,resourceClass){const{handover}=state;const phase=state.
handoverPhase.value;const giving=phase==="releasing"||phase==="handing";return giving&&handover!==void 0&&classesInScope(
handover.scope,"us")[resourceClass]}function countsAsHeld(state,group){const letter=letterOf(group);if(!isClassic(state))
return isHeld(letter);if(isGiving(state,group))return false;if(isHeld(letter))return true;const{held,handed}=state.peer.
classic;const own=classOf(state,group);return letter==="x"&&!held[own]&&!handed[own]}function isStable(state){return stageOf(
state)==="member"&&!state.groups.some(group=>["s","p","u"].includes(letterOf(group)))}var askAgainUs=2*usPerSecond;var isLegacy=state=>isClassic(state)&&state.options.legacyFailback===true;function readLegacyMessage(state,{
message:message2}){if(!isLegacy(state))return;const{classic}=state.peer;const type=textOf(message2,"t");const group=state.
groups.find(({configuration})=>configuration.key===textOf(message2,"ipaddr"));if(group===void 0)return;const{key}=group.
configuration;if(type==="ip-request")classic.wanted=new Map(classic.wanted).set(key,isHeld(letterOf(group)));if(type==="\
ip-request-resp"&&textOf(message2,"ok")==="OK"&&!isHeld(letterOf(group)))classic.released=new Set([...classic.released,key])}
function settleLegacyFailback(state){if(!isLegacy(state)||state.peer.presence!=="up"||!state.peer.fresh)return;for(const[
key,wasHeld]of state.peer.classic.wanted){const group=state.groups.find(({configuration})=>configuration.key===key);if(group!==
void 0)letGo(state,group,wasHeld)}askForOwn(state)}function letGo(state,group,wasHeld){if(group.unmanaged!==void 0)return;
const letter=letterOf(group);if(letter==="r"||letter==="s")tellGiving(state,group.configuration.key);if(letter==="r"||letter===
"s")stopGroup(state,group,"stopped");if(isHeld(letterOf(group)))return;const{classic}=state.peer;const{key}=group.configuration;
const rest=new Map(classic.wanted);rest.delete(key);classic.wanted=rest;classic.released=new Set([...classic.released].filter(
released=>released!==key));const fields={ipaddr:key,weown:wasHeld?"yes":"no",ok:"OK"};state.effects.push({type:"send",message:messageOf(
"ip-request-resp",fields),dest:state.options.peer})}function askForOwn(state){const{classic}=state.peer;if(stageOf(state)!==
"member"||!state.hostReady)return;if(classic.requestedUs!==void 0&&state.nowUs-classic.requestedUs<askAgainUs)return;const missing=state.
groups.filter(group=>isOwnerOf(state,group)&&letterOf(group)==="-"&&!classic.released.has(group.configuration.key));if(missing.
length===0)return;classic.requestedUs=state.nowUs;arm(state.timers,"classic request",state.nowUs+askAgainUs);for(const group of missing){
state.effects.push({type:"send",message:messageOf("ip-request",{ipaddr:group.configuration.key})})}}function readClassicMessage(state,event){switch(textOf(event.message,"t")){case"reqnodes":return answerNodes(state);case"\
repnodes":return nodesAnswered(state,event);case"starting":return peerStarts(state,event);case"resource":return readClaim(
state,event);case"stonith":return readStonith(state,event);case"ip-request":case"ip-request-resp":return readLegacyMessage(
state,event);default:return}}function noteGiven(state,classes,event){const{classic}=state.peer;classic.offered=eitherOf(
classic.offered,classes);classic.held=without2(classic.held,classes);classic.lettingGo=without2(classic.lettingGo,classes);
classic.claimSequence=Math.max(classic.claimSequence,sequenceOf(event))}function noteTaken(state,event){state.peer.classic.
takenSequence=sequenceOf(event);settleHanded(state)}function sequenceOf({message:message2}){const sequence=Number.parseInt(
textOf(message2,"seq")??"0",16);return Number.isSafeInteger(sequence)?sequence:0}function answerNodes(state){const{self,
peer}=state.options;const nodelist=[self,peer].sort().map(name=>`${name} `);const message2=messageOf("repnodes",{nodelist:nodelist.
join(""),delnodelist:" "});state.effects.push({type:"send",message:message2,dest:peer})}function nodesAnswered(state,event){
const{classic}=state.peer;if(classic.nodesAskedUs===void 0||classic.knowsUsSince!==void 0)return;classic.knowsUsSince=sequenceOf(
event);endAlarm(state,"peer-does-not-hear-us")}function peerStarts(state,event){state.peer.classic.introduced=true;state.
peer.classic.startedSequence=sequenceOf(event);state.holdSent=""}function readClaim(state,event){const{classic}=state.peer;
const{message:message2}=event;const sequence=sequenceOf(event);if(sequence<=classic.claimSequence)return;const claimed=classesOf(
textOf(message2,"rsc_hold"));if(claimed===void 0)return;classic.claimSequence=sequence;classic.introduced=true;classic.doubtSinceUs=
void 0;const isFull=textOf(message2,"rtype")==="full";const held=isFull||claimed===noClass?claimed:eitherOf(classic.held,
claimed);const stability=textOf(message2,"isstable");if(stability!==void 0)classic.stable=stability==="1";classic.leaving=
textOf(message2,"info")==="shutdown";const gone=without2(eitherOf(classic.held,classic.lettingGo),held);classic.lettingGo=
classic.stable?noClass:gone;classic.held=held;settleHanded(state)}function classesOf(hold){if(hold==="none")return noClass;
if(hold==="all")return{ours:true,theirs:true};if(hold==="local")return{ours:false,theirs:true};return hold==="foreign"?{
ours:true,theirs:false}:void 0}function settleHanded(state){const{classic}=state.peer;const{handed,takenSequence,claimSequence,
stable}=classic;if(!handed.ours&&!handed.theirs||takenSequence===void 0)return;if(!stable||claimSequence<=takenSequence)
return;classic.handed=noClass;classic.takenSequence=void 0}function readStonith(state,event){const{peer,options,nowUs}=state;
if(textOf(event.message,"node")?.toLowerCase()!==options.self)return;const{knowsUsSince}=peer.classic;const aboutUs=peer.
returnedUs!==void 0||knowsUsSince!==void 0&&sequenceOf(event)>knowsUsSince;if(aboutUs)peer.classic.declaredUsDeadUs=nowUs}function groupsToGive(state,scope){return groupsOf2(state,classesInScope(scope,"us")).filter(group=>!heldByPeer(state,group))}
function groupsToTake(state,scope){return groupsOf2(state,classesInScope(scope,"peer")).filter(group=>letterOf(group)!==
"r")}function cannotGive(state,scope){const fields={peer:state.options.peer,scope};if(state.options.legacyFailback===true)
return{code:"peer-legacy",fields};const groups=groupsToGive(state,scope);const stuck=groups.find(group=>letterOf(group)===
"f");if(stuck!==void 0){const reason=stuck.lastFailure??"";return{code:"group-stop-failed",fields:{group:stuck.configuration.
key,reason}}}const unmanaged=groups.find(group=>group.unmanaged!==void 0);if(unmanaged!==void 0)return{code:"class-unman\
aged",fields:{...fields,group:unmanaged.configuration.key}};const holds=groups.some(group=>letterOf(group)==="r"||letterOf(
group)==="x");const classes=classesInScope(scope,"us");const empty=["ours","theirs"].some(one=>classes[one]&&holdsEmptyClass(
state,one));return holds||empty?void 0:{code:"nothing-to-give",fields}}function canTake(state,scope){if(stageOf(state)!==
"member"||!state.hostReady||!state.peer.fresh)return false;if(isEmptyScope(state,scope))return true;const groups=groupsToTake(
state,scope);return groups.length>0&&groups.every(group=>letterOf(group)==="-"||letterOf(group)==="o")}function isEmptyScope(state,scope){
return groupsOf2(state,classesInScope(scope,"peer")).length===0}function givenByPeer(state,scope){const{offered}=state.peer.
classic;const{ours,theirs}=classesInScope(scope,"peer");return(!ours||offered.ours)&&(!theirs||offered.theirs)}function noteHanded(state,scope){
const{classic}=state.peer;classic.handed=eitherOf(classic.handed,classesInScope(scope,"us"));classic.takenSequence=void 0}
function noteTakingEnded(state){state.peer.classic.offered=noClass}function classicDone(state,event){const phase=state.handoverPhase.
value;const{handover}=state;if(handover===void 0)return;if(phase==="taking")noteGiven(state,classesInScope(handover.scope,
"peer"),event);if(phase==="handing")noteTaken(state,event)}function takenByPeer(state,groups){const{handed}=state.peer.classic;
if(handed.ours||handed.theirs)return"waiting";return groups.every(group=>heldByPeer(state,group))?"taken":"failed"}function groupsOf2(state,classes){
return state.groups.filter(group=>classes[classOf(state,group)])}var heldByPeer=(state,group)=>isHeld(statementOf(state,
group)?.letter??"u");function nearestWord(written,known){const word=written.toLowerCase().slice(0,64);const limit=Math.max(1,Math.floor(word.
length/3));let best;let bestDistance=limit+1;for(const candidate of known){const distance=editDistance(word,candidate.toLowerCase());
if(distance<bestDistance){best=candidate;bestDistance=distance}}return best}function editDistance(left,right){let beforePrevious=[];
let previous2=Array.from({length:right.length+1},(_,index)=>index);for(let row=1;row<=left.length;row++){const current=[
row];for(let column=1;column<=right.length;column++){const same=left[row-1]===right[column-1];let cost=Math.min(previous2[column]+
1,current[column-1]+1,previous2[column-1]+(same?0:1));if(row>1&&column>1&&left[row-1]===right[column-2]&&left[row-2]===right[column-
1]){cost=Math.min(cost,beforePrevious[column-2]+1)}current.push(cost)}beforePrevious=previous2;previous2=current}return previous2[right.
length]}function noSuchGroup(state,group){const known=state.groups.map(({configuration})=>configuration.key);const nearest=nearestWord(
group,known)??known.find(key=>key.includes(group)&&group!=="");const named={group,groups:known.join(" ")};return{code:"n\
o-such-group",fields:nearest===void 0?named:{...named,nearest}}}var askAgainUs2=200*usPerMs;var askGiveUpUs=10*usPerSecond;var handingGiveUpUs=3600*usPerSecond;var isHandingOver=state=>state.
handoverPhase.value!=="idle";function askStandby(state,scope,reason,requestId,only){const problem=cannotNarrow(state,scope,
only)??cannotHandOver(state,scope,only);if(problem!==void 0){if(requestId!==void 0)state.effects.push({type:"reply",requestId,
ok:false,problem,final:true});return}const given=isClassic(state)?groupsToGive(state,scope):givableGroups(state,scope,only);
const keys=given.map(group=>group.configuration.key);state.handover={reason,scope,keys,requestId,startedUs:state.nowUs,moving:false};
step(state,{type:"ask"});const fields={scope,reason,groups:keys.join(" ")};recordRequest(state,reason==="failback"?reason:
"standby",state.options.self,state.options.peer);state.effects.push({type:"log",level:"notice",message:{code:"handover-a\
sked",fields}});if(requestId!==void 0)state.effects.push({type:"reply",requestId,ok:true,final:false});sayAsk(state,"me");
if(!isClassic(state))arm(state.timers,"handover again",state.nowUs+askAgainUs2);arm(state.timers,"handover limit",state.
nowUs+askGiveUpUs)}function handoverMessage(state,event){const info=textOf(event.message,"info");const keys=askedGroups(
event.message)??[];if(info==="me")peerAsks2(state,event,keys);if(info==="other"&&state.handoverPhase.value==="asking")peerAgrees(
state);if(info==="no"&&state.handoverPhase.value==="asking")finish(state,{type:"refused"},{code:"peer-refused",fields:{peer:state.
options.peer}});if(info==="done"&&isClassic(state))classicDone(state,event)}function handoverTimer(state,name){if(name===
"handover again"&&state.handoverPhase.value==="asking"){sayAsk(state,"me");arm(state.timers,"handover again",state.nowUs+
askAgainUs2)}if(name==="handover limit")finish(state,{type:"timeout"},{code:"handover-timeout",fields:{peer:state.options.
peer}})}function settleHandover(state){const{handover}=state;if(handover===void 0)return;if(state.peer.presence!=="up"||
!state.peer.fresh){finish(state,{type:"peerGone"},{code:"peer-gone",fields:{peer:state.options.peer}});return}const groups=state.
groups.filter(group=>handover.keys.includes(group.configuration.key));if(state.handoverPhase.value==="releasing")settleReleasing(
state,groups);if(state.handoverPhase.value==="handing")settleHanding(state,groups);if(state.handoverPhase.value==="takin\
g")settleTaking(state,groups)}function settleFailback(state){const{peer}=state;if(!peer.failbackDue||peer.presence!=="up"||
!peer.fresh||peer.deafSinceUs!==void 0)return;if(stageOf(state)!=="member"||peer.report?.stage!=="member"||isHandingOver(
state))return;if(state.groups.some(group=>["s","p","u"].includes(letterOf(group))||group.disputedSinceUs!==void 0))return;
if(!mayFailBack(state))return;peer.failbackDue=false;state.reach.fetched=false;if(!state.options.autoFailback)return;const empty=isClassic(
state)&&holdsEmptyClass(state,"theirs");if(givableGroups(state,"foreign").length>0||empty)askStandby(state,"foreign","fa\
ilback",void 0)}function isGiving(state,group){const phase=state.handoverPhase.value;const giving=phase==="releasing"||phase===
"handing";return giving&&state.handover?.keys.includes(group.configuration.key)===true}function groupsInScope(state,scope,only){
return state.groups.filter(group=>(scope==="all"||scope==="local"===isOwnerOf(state,group))&&(only===void 0||only.includes(
group.configuration.key)))}function askedGroups(message2){return textOf(message2,"pbask")?.split(" ").filter(key=>key!==
"")}function cannotNarrow(state,scope,only){if(only===void 0)return void 0;const unknown=only.find(key=>!state.groups.some(
group=>group.configuration.key===key));if(unknown!==void 0)return noSuchGroup(state,unknown);if(state.peer.product!=="he\
artbeat")return void 0;const whole=groupsInScope(state,scope).every(group=>only.includes(group.configuration.key));return whole?
void 0:{code:"peer-takes-classes",fields:{peer:state.options.peer}}}function givableGroups(state,scope,only){return groupsInScope(
state,scope,only).filter(group=>letterOf(group)==="r"&&group.unmanaged===void 0&&peerCanRun(state,group))}function peerCanRun(state,group){
const theirs=statementOf(state,group);return theirs===void 0?state.peer.product!=="pairbeat":theirs.letter!=="x"}function cannotHandOver(state,scope,only){
const fields={peer:state.options.peer,scope:only?.join(" ")??scope};if(stageOf(state)!=="member")return{code:"not-a-memb\
er",fields:{stage:stageOf(state)}};if(isHandingOver(state))return{code:"handover-in-progress",fields};if(state.peer.presence!==
"up")return{code:"peer-not-there",fields};if(!state.peer.fresh||state.peer.report?.stage!=="member")return{code:"peer-no\
t-ready",fields};if(state.groups.some(group=>["s","p","u"].includes(letterOf(group))))return{code:"transition-in-progres\
s",fields};if(isClassic(state))return cannotGive(state,scope);const held=groupsInScope(state,scope,only).filter(group=>letterOf(
group)==="r");if(held.length===0)return{code:"nothing-to-give",fields};if(held.every(({unmanaged})=>unmanaged!==void 0))
return{code:"only-unmanaged",fields};if(givableGroups(state,scope,only).length===0)return{code:"peer-cannot-run",fields};
return void 0}function peerAsks2(state,event,named){const scope=scopeOf2(event);const keys=isClassic(state)?groupsToTake(
state,scope).map(group=>group.configuration.key):named;const fresh=isClassic(state)?canTake(state,scope):Number.parseInt(
textOf(event.message,"pbto")??"0",16)===state.generation;const peerFirst=isClassic(state)||compareText(state.options.self,
state.options.peer)>0;const crossing=state.handoverPhase.value==="asking"&&peerFirst;if(crossing)finish(state,{type:"ref\
used"},{code:"peer-asked-first",fields:{peer:state.options.peer}});if(state.handoverPhase.value==="asking"||state.handoverPhase.
value==="releasing")return;const something=keys.length>0||isClassic(state)&&isEmptyScope(state,scope);const willing=fresh&&
stageOf(state)==="member"&&state.hostReady&&something;if(willing&&state.handoverPhase.value==="idle"){state.handover={reason:"\
peer",scope,keys,requestId:void 0,startedUs:state.nowUs,moving:false};step(state,{type:"asked"});noteFetched(state);recordRequest(
state,"standby",state.options.peer,state.options.self);arm(state.timers,"handover limit",state.nowUs+askGiveUpUs)}if(willing||
!isClassic(state))return sayAsk(state,willing?"other":"no");const fields={peer:state.options.peer,scope};state.effects.push(
{type:"log",level:"warning",message:{code:"handover-not-taken",fields}})}function scopeOf2(event){const hold=textOf(event.
message,"rsc_hold");return hold==="local"||hold==="foreign"?hold:"all"}function peerAgrees(state){step(state,{type:"agre\
ed"});disarm(state.timers,"handover again");arm(state.timers,"handover limit",state.nowUs+handingGiveUpUs);for(const group of state.
groups){if(state.handover?.keys.includes(group.configuration.key)!==true||letterOf(group)!=="r")continue;tellGiving(state,
group.configuration.key);stopGroup(state,group,"offered")}}function settleReleasing(state,groups){if(groups.some(group=>letterOf(
group)==="p"||letterOf(group)==="u"))return;const stuck=groups.find(group=>letterOf(group)==="f");if(stuck!==void 0){finish(
state,{type:"failed"},{code:"group-stop-failed",fields:{group:stuck.configuration.key,reason:stuck.lastFailure??""}});return}
step(state,{type:"released"});state.effects.push({type:"record",record:{kind:"handoverReleased",us:state.nowUs,from:state.
options.self}});sayAsk(state,"done");if(isClassic(state)&&state.handover!==void 0)noteHanded(state,state.handover.scope)}
function settleHanding(state,groups){if(isClassic(state))return settleClassicHanding(state,groups);if(groups.some(group=>letterOf(
group)==="o"))return;const letters=groups.map(group=>statementOf(state,group)?.letter??"-");if(letters.some(letter=>letter===
"s"))return;const failed2=groups.find((_,index)=>letters[index]!=="r");if(failed2===void 0)finish(state,{type:"taken"},void 0);else
finish(state,{type:"failed"},{code:"peer-could-not-start",fields:{group:failed2.configuration.key,peer:state.options.peer}})}
function settleClassicHanding(state,groups){const outcome=takenByPeer(state,groups);if(outcome==="taken")finish(state,{type:"\
taken"},void 0);const fields={group:groups[0]?.configuration.key??"",peer:state.options.peer};if(outcome==="failed")finish(
state,{type:"failed"},{code:"peer-could-not-start",fields})}function settleTaking(state,groups){const{handover}=state;if(handover===
void 0)return;if(groups.length===0&&!givenByPeer(state,handover.scope))return settleClassicTaking(state,handover,groups);
if(groups.every(group=>letterOf(group)==="r")){sayAsk(state,"done");finish(state,{type:"taken"},void 0);return}const{peer}=state.
options;const unable=groups.find(group=>letterOf(group)==="x"||letterOf(group)==="f");if(unable!==void 0){const fields={
group:unable.configuration.key,reason:unable.lastFailure??""};if(isClassic(state)&&groups.some(group=>isMovingHere(letterOf(
group))))return;if(isClassic(state))sayAsk(state,"done");finish(state,{type:"failed"},{code:"group-start-failed",fields});
return}if(isClassic(state))return settleClassicTaking(state,handover,groups);const letters=groups.map(group=>statementOf(
state,group)?.letter??"-");if(!handover.moving&&letters.some(letter=>letter!=="r")){handover.moving=true;arm(state.timers,
"handover limit",state.nowUs+handingGiveUpUs)}const underWay=groups.some((group,index)=>isMoving(letters[index])||["s","\
p","u"].includes(letterOf(group)));if(handover.moving&&!underWay)finish(state,{type:"failed"},{code:"peer-refused",fields:{
peer}})}var isMovingHere=letter=>letter==="s"||letter==="p"||letter==="u";function settleClassicTaking(state,handover,groups){
const isStable2=state.peer.report?.stage==="member";if(!isStable2&&!handover.moving){handover.moving=true;arm(state.timers,
"handover limit",state.nowUs+handingGiveUpUs)}const underWay=groups.some(group=>isMovingHere(letterOf(group))||isOffered(
statementOf(state,group)?.letter??"-"));const{peer}=state.options;if(!handover.moving||!isStable2||underWay){handover.stableSinceUs=
void 0;return}handover.stableSinceUs??=state.nowUs;const dueUs=handover.stableSinceUs+askGiveUpUs;if(state.nowUs<dueUs)arm(
state.timers,"handover doubt",dueUs);else finish(state,{type:"failed"},{code:"peer-refused",fields:{peer}})}function isMoving(letter){
return letter==="p"||letter==="u"||isOffered(letter)}function finish(state,event,problem){const{handover}=state;step(state,
event);if(state.handoverPhase.value!=="idle"||handover===void 0)return;state.handover=void 0;noteTakingEnded(state);disarm(
state.timers,"handover again");disarm(state.timers,"handover limit");const tookMs=(state.nowUs-handover.startedUs)/usPerMs;
const fields={scope:handover.scope,reason:handover.reason,tookMs,problem:problem?.code??""};state.effects.push({type:"lo\
g",level:problem===void 0?"notice":"warning",message:{code:problem===void 0?"handover-done":"handover-failed",fields}});
if(handover.requestId===void 0)return;if(problem===void 0)state.effects.push({type:"reply",requestId:handover.requestId,
ok:true,final:true});else state.effects.push({type:"reply",requestId:handover.requestId,ok:false,problem,final:true})}function recordRequest(state,reason,from,to){
state.effects.push({type:"record",record:{kind:"handoverRequested",us:state.nowUs,reason,from,to}})}function sayAsk(state,info){
const{handover}=state;const fields={rsc_hold:handover?.scope??"all",info,pbask:handover?.keys.join(" ")??""};state.effects.
push({type:"send",message:messageOf("ask_resources",fields)})}function step(state,event){state.handoverPhase=advance(handoverMachine,
state.handoverPhase,event).snapshot}function factsFor(state,group){const{peer,options}=state;return{mayAct:stageOf(state)==="member"&&state.hostReady&&!(isClassic(
state)&&isGiving(state,group)),ownLetter:letterOf(group),withdrawnAtVersion:group.withdrawnAtVersion,ownerByUs:group.configuration.
owner,self:options.self,operatorWord:group.operatorWord,peer:{presence:peer.presence,generation:peer.generation,fresh:peer.
fresh,reportVersion:peer.report?.version??0,ack:peer.report?.ack??0,statement:statementOf(state,group),failedStop:group.
stuckAtPeer,silentSinceUs:peer.silentSinceUs,deadtimeMs:peer.deadtimeMs===0?options.deadtimeMs:peer.deadtimeMs,linkViewVersion:peer.
linkViewVersion,initdeadPassed:state.nowUs-state.waitingSinceUs>=state.waitMs*usPerMs}}}function mayRunAtPeer(state,group){
return group.stuckAtPeer||isHeld(statementOf(state,group)?.letter??"-")}function statementOf(state,group){return state.peer.
report?.groups.find(statement=>statement.key===group.configuration.key)}function startGroup(state,group,evidence){group.evidence=evidence;group.decidedUs=state.nowUs;group.marked=evidence.kind===
"unprotected";group.claimedAtVersion=unpublished;group.operatorWord=void 0;if(evidence.kind==="operator")group.stuckAtPeer=
false;const fields={group:group.configuration.key,evidence:evidence.kind};state.effects.push({type:"log",level:evidence.
kind==="unprotected"?"warning":"notice",message:{code:"group-starting",fields}});sendToGroup(state,group,{type:"start"})}
function stopGroup(state,group,after){sendToGroup(state,group,{type:"stop",after})}function changeGroup(state,group,change,resources=group.
configuration.resources){assert(letterOf(group)==="r",`only what runs is changed in part: ${group.configuration.key}`);group.
configuration={...group.configuration,resources};followResources(group.monitor,resources);group.going=change.stops.filter(
at=>!change.starts.includes(at)).map(at=>resources[at]);sendToGroup(state,group,{type:"change",size:resources.length,...change})}
function sendToGroup(state,group,event){const before=letterOf(group);const{snapshot,actions}=advance(groupMachine,group.
snapshot,event);group.snapshot=snapshot;const after=letterOf(group);if(isOffered(after)&&!isOffered(before))group.offeredAtVersion=
unpublished;if(isOffered(before)&&!isOffered(after))group.withdrawnAtVersion=unpublished;if(after==="-"||isOffered(after))
settleStopped(state,group);for(const action of actions)perform(state,group,action.type,action.params)}function groupResult(state,result){
const group=state.groups.find(candidate=>candidate.inFlight?.id===result.id);if(group?.inFlight===void 0)return void 0;const operation=group.
inFlight;group.inFlight=void 0;if(result.outcome!=="done")reportFailure(state,group,operation,result);if(result.conflictWith!==
void 0){const fields={group:group.configuration.key,resource:operation.resource.written,hardwareAddress:result.conflictWith};
state.effects.push({type:"log",level:"critical",message:{code:"address-in-use",fields}});raiseAlarm(state,{code:"address\
-in-use",fields},group.configuration.key)}if(result.outcome==="done")sendToGroup(state,group,{type:"done"});else if(result.
outcome==="unknown")sendToGroup(state,group,{type:"lost"});else sendToGroup(state,group,{type:"failed"});return group}function adoptInventory(state,group,inventory){
const entries=inventory.filter(entry=>entry.group===group.configuration.key);if(entries.length===0)return;const{resources}=group.
configuration;const complete=resources.every(resource=>entries.some(entry=>entry.state==="running"&&sameResource(entry.resource,
resource)));if(entries.some(entry=>entry.state==="stop-failed"))sendToGroup(state,group,{type:"sticky"});else if(complete&&
entries.length===resources.length){sendToGroup(state,group,{type:"adopt"});for(const{resource,statusSeenRunning}of entries){
const watch=group.monitor.watches.find(({written})=>written===resource.written);if(watch!==void 0&&statusSeenRunning===true)
watch.proven=true}}else sendToGroup(state,group,{type:"suspect"})}function operationFor(state,group,index,action){const resource=group.
configuration.resources[index];assert(resource!==void 0,`group ${group.configuration.key} has a resource ${index}`);const{
startTimeoutMs,stopTimeoutMs,statusTimeoutMs}=state.options;const timeoutMs=action==="start"?startTimeoutMs:action==="st\
op"?stopTimeoutMs:statusTimeoutMs;return{id:state.nextOperationId++,group:group.configuration.key,index,resource,action,
timeoutMs}}function perform(state,group,type,params){const key=group.configuration.key;switch(type){case"runStart":{if(group.
snapshot.value==="filling"&&mayRunAtPeer(state,group)){group.lastFailure=`the group may run on ${state.options.peer}`;return sendToGroup(
state,group,{type:"failed"})}const{at}=params;const{evidence,careful}=whyStarted(group,at);const operation={...operationFor(
state,group,at,"start"),careful};group.inFlight=operation;state.effects.push(authorizeStart(operation,evidence));return}case"\
runStop":{const operation=operationFor(state,group,params.at,"stop");group.inFlight=operation;state.effects.push({type:"\
operation",operation});return}case"armRetry":arm(state.timers,`retry ${key}`,state.nowUs+state.options.stopRetryDelayMs*
usPerMs);return;case"started":group.startedUs=state.nowUs;group.lastFailure=void 0;state.effects.push({type:"log",level:"\
notice",message:{code:"group-running",fields:{group:key,tookMs:(state.nowUs-group.decidedUs)/usPerMs}}});return;case"sto\
pped":state.effects.push({type:"log",level:"notice",message:{code:"group-stopped",fields:{group:key}}});return;case"star\
tFailed":state.effects.push({type:"log",level:"error",message:{code:"group-start-failed",fields:{group:key,reason:group.
lastFailure??""}}});return;case"changed":changeDone(state,group);return;case"leftOut":leaveOut(state,group,params.at);return;case"\
stopFailedForGood":raiseAlarm(state,{code:"group-stop-failed",fields:{group:key,reason:group.lastFailure??""}},key);state.
effects.push({type:"log",level:"critical",message:{code:"group-stop-failed",fields:{group:key,reason:group.lastFailure??
""}}});persistSticky(state);return}}function whyStarted(group,at){if(group.snapshot.value!=="filling")return{evidence:group.
evidence,careful:mayTakeTime(group.evidence)};const held={sinceUs:group.startedUs,first:group.evidence};return{evidence:evidenceForPart(
letterOf(group),held),careful:group.snapshot.context.optional.includes(at)}}function persistSticky(state){const groups=state.
groups.filter(group=>letterOf(group)==="f").map(group=>group.configuration.key);const recordId=state.nextRecordId++;state.
effects.push({type:"persist",recordId,name:"failed-stops.json",content:JSON.stringify({groups})})}function mayTakeTime(evidence){
return evidence?.kind==="peerConfirmedStopped"?evidence.letter==="-":evidence?.kind==="unprotected"&&!evidence.peerSeen}
function settleStopped(state,group){group.marked=false;group.evidence=void 0;group.disputedSinceUs=void 0;endAlarm(state,
"address-in-use",group.configuration.key);endAlarm(state,"address-shared",group.configuration.key);disarm(state.timers,`\
retry ${group.configuration.key}`)}function reportFailure(state,group,operation,result){group.lastFailure=`${operation.action}\
 of ${operation.resource.written}: ${result.outcome}${result.reason?` (${result.reason})`:""}`;const fields={group:operation.
group,resource:operation.resource.written,action:operation.action,outcome:result.outcome,reason:result.reason??"",exitCode:result.
exitCode??-1};state.effects.push({type:"log",level:"error",message:{code:"operation-failed",fields}})}var addressTypes2=new Set(["IPaddr","IPaddr2","IPv6addr"]);var isAddress=resource=>resource.kind==="script"&&addressTypes2.
has(resource.type);var addressIndexes=group=>group.configuration.resources.flatMap((resource,index)=>isAddress(resource)?
[index]:[]);function releaseAddresses(state,groups){const operations=groups.filter(group=>isHeld(letterOf(group))).flatMap(
group=>addressIndexes(group).map(index=>operationFor(state,group,index,"stop")));if(operations.length>0)state.effects.push(
{type:"releaseAddresses",operations})}function announce(state,groups){for(const group of groups){if(letterOf(group)!=="r")
continue;for(const index of addressIndexes(group)){state.effects.push({type:"operation",operation:operationFor(state,group,
index,"announce")})}}}function armPeriodicAnnounce(state){const{announceIntervalMs}=state.options;if(announceIntervalMs>
0)arm(state.timers,"announce",state.nowUs+announceIntervalMs*usPerMs)}function settleFailedClass(state){if(!isClassic(state))return;const{peer}=state;const failed2=state.groups.filter(group2=>letterOf(
group2)==="x");const keys=new Set(failed2.map(group2=>group2.configuration.key));peer.classic.triedToGive=new Set([...peer.
classic.triedToGive].filter(key=>keys.has(key)));const group=failed2.find(candidate=>mayGive(state,candidate));if(group===
void 0)return;const scope=classOf(state,group)==="ours"?"local":"foreign";if(cannotGive(state,scope)!==void 0)return;peer.
classic.triedToGive=new Set([...peer.classic.triedToGive,group.configuration.key]);const fields={group:group.configuration.
key,scope,peer:state.options.peer};state.effects.push({type:"log",level:"warning",message:{code:"class-follows-failed-gr\
oup",fields}});askStandby(state,scope,"standby",void 0)}function mayGive(state,group){const{peer}=state;if(peer.presence!==
"up"||!peer.fresh||peer.report?.stage!=="member")return false;if(stageOf(state)!=="member"||isHandingOver(state))return false;
if(state.groups.some(other=>["s","p","u"].includes(letterOf(other))))return false;const theirs=statementOf(state,group)?.
letter??"u";return!isHeld(theirs)&&!peer.classic.triedToGive.has(group.configuration.key)}var declarationGraceMs=1e3;function refreshClassicReport(state){const{peer}=state;const{claimSequence}=peer.classic;const legacy=state.
options.legacyFailback===true;peer.fresh=isFresh(state);if(claimSequence===0&&!legacy){peer.report=void 0;return}peer.report=
{version:claimSequence,ack:Number.MAX_SAFE_INTEGER,ackGeneration:state.generation,stage:stageOfPeer(state),groups:state.
groups.map(group=>({key:group.configuration.key,letter:legacy?legacyLetter(state,group):classicLetter(state,group),marked:false,
owner:group.configuration.owner}))}}function isFresh({peer,nowUs,options}){const{knowsUsSince,claimSequence,declaredUsDeadUs}=peer.
classic;if(peer.presence!=="up"||knowsUsSince===void 0)return false;if(options.legacyFailback===true)return true;if(claimSequence>
knowsUsSince)return true;if(peer.returnedUs===void 0||claimSequence===0||declaredUsDeadUs!==void 0)return false;return nowUs-
peer.returnedUs>=declarationGraceMs*usPerMs}function stageOfPeer({peer,options}){if(peer.classic.leaving)return"leaving";
if(options.legacyFailback===true)return peer.status==="active"?"member":"joining";return peer.classic.stable?"member":"j\
oining"}function classicLetter(state,group){const{held,handed,offered,lettingGo,stable}=state.peer.classic;const own=classOf(
state,group);if(handed[own])return"s";if(offered[own])return"o";if(held[own])return"r";if(lettingGo[own])return"p";if(!stable&&
!startsKnowingUs(state))return"u";return own==="theirs"&&isHeldHere(state)?"o":"-"}function isHeldHere(state){const theirs=state.
groups.filter(group=>classOf(state,group)==="theirs");return theirs.some(group=>letterOf(group)==="x"||isHeld(letterOf(group)))}
function startsKnowingUs({peer}){const{startedSequence,knowsUsSince,declaredUsDeadUs}=peer.classic;return knowsUsSince!==
void 0&&startedSequence>knowsUsSince&&declaredUsDeadUs===void 0}function legacyLetter(state,group){const{classic,returnedUs}=state.
peer;if(classic.released.has(group.configuration.key))return"-";return returnedUs!==void 0&&group.marked?"r":"u"}var askAgainUs3=usPerSecond;var doubtUs=5*usPerSecond;var deafAfterUs=5*usPerSecond;function settleClassicPeer(state){if(!isClassic(
state))return;if(state.peer.presence==="up"){askForNodes(state);introduce(state);waitForDeclaration(state)}refreshClassicReport(
state)}function askForNodes(state){const{classic}=state.peer;if(classic.knowsUsSince!==void 0||stageOf(state)==="paused")
return;if(classic.nodesAskedUs!==void 0&&state.nowUs-classic.nodesAskedUs<askAgainUs3)return;classic.firstAskedUs??=state.
nowUs;classic.nodesAskedUs=state.nowUs;state.effects.push({type:"send",message:messageOf("reqnodes",{}),dest:state.options.
peer});arm(state.timers,"classic nodes",state.nowUs+askAgainUs3);if(state.nowUs-classic.firstAskedUs<deafAfterUs||hasAlarm(
state,"peer-does-not-hear-us"))return;const problem={code:"peer-does-not-hear-us",fields:{node:state.options.peer}};raiseAlarm(
state,problem);state.effects.push({type:"log",level:"error",message:problem})}function introduce(state){const{classic}=state.
peer;if(classic.knowsUsSince===void 0)classic.doubtSinceUs=void 0;if(state.options.legacyFailback===true||!state.hostReady||
classic.knowsUsSince===void 0)return;const isJoining=stageOf(state)==="joining";if(!isJoining&&(stageOf(state)!=="member"||
isHandingOver(state)))return;const isKnown=classic.claimSequence>classic.knowsUsSince&&(isJoining||classic.stable);if(isKnown||
classic.leaving)return;const pauseUs=isJoining?askAgainUs3:doubtUs;classic.doubtSinceUs??=state.nowUs;const saidUs=classic.
startingSaidUs??Number.NEGATIVE_INFINITY;const dueUs=(isJoining?saidUs:Math.max(saidUs,classic.doubtSinceUs))+pauseUs;if(state.
nowUs<dueUs){arm(state.timers,"classic starting",dueUs);return}classic.startingSaidUs=state.nowUs;classic.introduced=true;
if(!isJoining)state.holdSent="";state.effects.push({type:"send",message:messageOf("starting",{})});arm(state.timers,"cla\
ssic starting",state.nowUs+pauseUs)}function waitForDeclaration(state){const{returnedUs}=state.peer;if(returnedUs===void 0)
return;const untilUs=returnedUs+declarationGraceMs*usPerMs;if(untilUs>state.nowUs)arm(state.timers,"classic declaration",
untilUs)}var patienceUs=15*usPerSecond;function settleOrphanedClass(state){if(!isClassic(state))return;const{classic}=state.peer;
if(!isOrphaned(state)){classic.orphanedSinceUs=void 0;return}classic.orphanedSinceUs??=state.nowUs;const dueUs=classic.orphanedSinceUs+
patienceUs;if(state.nowUs<dueUs){arm(state.timers,"classic orphan",dueUs);return}classic.orphanedSinceUs=state.nowUs;arm(
state.timers,"classic orphan",state.nowUs+patienceUs);const message2={code:"class-orphaned",fields:{peer:state.options.peer}};
state.effects.push({type:"log",level:"warning",message:message2});state.effects.push({type:"send",message:messageOf("hb_\
takeover",{rsc_hold:"foreign"})})}function isOrphaned(state){const{peer}=state;if(peer.presence!=="up"||!peer.fresh||peer.
report?.stage!=="member")return false;if(stageOf(state)!=="member"||!state.hostReady||isHandingOver(state))return false;
if(state.options.legacyFailback===true||peer.classic.held.theirs||peer.classic.handed.theirs)return false;const theirs=state.
groups.filter(group=>classOf(state,group)==="theirs");const idle=group=>letterOf(group)==="-";return theirs.length>0&&theirs.
every(idle)}var fieldsMax=32;var bytesMax=8192;function whyNotSaid(message2){const type=textOf(message2,"t")??"";if(!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(type))return refused(
type,"type").problem;if(reservedTypes.has(type)||reservedPrefixes.some(prefix=>type.startsWith(prefix)))return refused(type,
"protocol").problem;const forged=message2.fields.find(({name})=>name.startsWith("pb"));if(forged!==void 0)return refused(
type,"field").problem;if(message2.fields.some(({value,opaqueType})=>typeof value!=="string"||opaqueType!==void 0))return refused(
type,"binary").problem;const bytes=message2.fields.reduce((sum,{name,value})=>sum+name.length+value.length,0);return message2.
fields.length>fieldsMax||bytes>bytesMax?refused(type,"size").problem:void 0}var reservedTypes=new Set(`status starting r\
esource shutdone ask_resources hb_takeover ip-request ip-request-resp reqnodes repnodes addnode
   delnode stonith ifstat query-cstatus respond-cstatus num_ping_nodes abort_giveup you_are_dead start_outdate
   outdate_rc crmd attrd cib stonithd stonith-ng lrmd pengine te quorum`.split(/\s+/));var reservedPrefixes=["NS_","hbap\
i-","pb","ccm","CCM"];function refused(messageType,reason){return failure("script-message-refused",{messageType,reason})}var checksMax=4;var secondLookUs=usPerSecond;function settleMonitoring(state){for(const group of state.groups){watchOrNot(
state,group);sayNowhere(state,group)}beginChecks(state);armNext(state)}function checkResult(state,result){for(const group of state.
groups){const index=group.monitor.watches.findIndex(watch=>watch.check?.id===result.id);if(index<0)continue;answered(state,
group,index,result);return true}return false}function probeGroup(state,group){group.monitor.failures=[];for(const watch of group.
monitor.watches){watch.dueUs=state.nowUs;watch.answers=Math.max(watch.answers,1)}}function forgetFailures(state,group){group.
monitor.failures=[];group.monitor.lastFailed=void 0;for(const code of["monitor-gave-up","monitor-nobody-else"])endAlarm(
state,code,group.configuration.key)}function watchOrNot(state,group){const{monitor}=group;const letter=letterOf(group);if(letter!==
"r"||group.unmanaged!==void 0){for(const watch of monitor.watches)Object.assign(watch,{check:void 0,dueUs:void 0});if(letter!==
"r")monitor.watching=false;if(!isHeld(letter))Object.assign(monitor,{failures:[],waitUntilUs:void 0,restartedFrom:void 0});
return}if(!monitor.watching)beginWatching(state,group);watchAnew(state,group);if(monitor.waitUntilUs!==void 0&&peerCanTake(
state,group))giveUp(state,group)}function beginWatching(state,group){const{monitor}=group;followResources(monitor,group.
configuration.resources);const adopted=group.evidence===void 0;const from=monitor.restartedFrom??0;if(monitor.restartedFrom===
void 0)forgetFailures(state,group);else{const tookMs=(state.nowUs-monitor.restartedUs)/usPerMs;log(state,"notice","group\
-restarted",{group:group.configuration.key,tookMs})}monitor.watching=true;monitor.restartedFrom=void 0;for(const[index,watch]of monitor.
watches.entries()){const started=index>=from&&!adopted;if(started)Object.assign(watch,{answers:0,said:void 0});else watch.
answers=Math.max(watch.answers,1);const intervalMs=intervalOf(state.options.monitoring,group.configuration,index);if(intervalMs>
0)watch.dueUs=state.nowUs+(started?0:shareOf(group,index,intervalMs))}}function watchAnew(state,group){for(const[index,watch]of group.
monitor.watches.entries()){const intervalMs=intervalOf(state.options.monitoring,group.configuration,index);const idle=watch.
dueUs===void 0&&watch.check===void 0;if(idle&&intervalMs>0)watch.dueUs=state.nowUs+shareOf(group,index,intervalMs)}}function shareOf(group,index,intervalMs){
const percent=10+(group.configuration.index*7+index)*61%91;return Math.round(intervalMs*usPerMs*percent/100)}var mayCheck=state=>stageOf(
state)==="member"&&state.hostReady&&state.probes.size===0;function beginChecks(state){if(!mayCheck(state))return;const due=state.
groups.flatMap(group=>group.monitor.watches.flatMap((watch,index)=>watch.dueUs===void 0||watch.dueUs>state.nowUs?[]:[{group,
watch,index,dueUs:watch.dueUs}]));due.sort((left,right)=>left.dueUs-right.dueUs);for(const{group,watch,index}of due.slice(
0,checksMax-checksInFlight(state))){const operation=operationFor(state,group,index,"status");Object.assign(watch,{check:operation,
askedUs:state.nowUs,dueUs:void 0});state.effects.push({type:"operation",operation})}}function checksInFlight(state){return state.
groups.flatMap(group=>group.monitor.watches).filter(watch=>watch.check!==void 0).length}function armNext(state){let nextUs;
for(const{monitor}of state.groups){for(const{dueUs}of monitor.watches)if(dueUs!==void 0&&dueUs>state.nowUs&&dueUs<(nextUs??
Number.POSITIVE_INFINITY))nextUs=dueUs}if(nextUs===void 0)disarm(state.timers,"monitor");else arm(state.timers,"monitor",
nextUs)}function answered(state,group,index,result){const watch=group.monitor.watches[index];const former=watch.said;const first=watch.
answers===0;const intervalMs=intervalOf(state.options.monitoring,group.configuration,index);const said=stateSaid(result.
outcome);Object.assign(watch,{check:void 0,said,saidUs:state.nowUs,answers:watch.answers+1});const pauseUs=first?shareOf(
group,index,intervalMs):intervalMs*usPerMs;watch.dueUs=intervalMs>0?Math.max(state.nowUs,watch.askedUs+pauseUs):void 0;const fields=fieldsOf(
group,index,result);if(said==="running")return saidRunning(state,watch,former,fields);if(said==="unknown"){if(former!=="\
unknown")log(state,"warning","status-unknown",fields)}else if(!watch.proven){if(!watch.unreliable)log(state,"warning","s\
tatus-unreliable",fields);watch.unreliable=true}else if(first){watch.dueUs=state.nowUs+Math.min(intervalMs*usPerMs,secondLookUs)}else{
failed(state,group,index,fields)}}function stateSaid(outcome){if(outcome==="running")return"running";if(outcome==="not-r\
unning")return"stopped";return outcome==="failed"?"failed":"unknown"}function saidRunning(state,watch,former,fields){if(watch.
unreliable)log(state,"notice","status-reliable",fields);else if(former==="unknown")log(state,"notice","status-known-agai\
n",fields);watch.proven=true;watch.unreliable=false}function failed(state,group,index,fields){if(isGiving(state,group)||
group.disputedSinceUs!==void 0||mayRunAtPeer(state,group))return;const{monitor}=group;if(monitor.waitUntilUs!==void 0)return waitOrRestart(
state,group,index,monitor.waitUntilUs);const{failuresMax,failureWindowMs}=state.options.monitoring;const windowUs=failureWindowMs*
usPerMs;const restarted=monitor.failures.filter(us=>state.nowUs-us<windowUs);monitor.failures=[...restarted,state.nowUs].
slice(-failuresMax);monitor.lastFailed=`${fields["resource"]}: ${fields["said"]}${fields["reason"]===""?"":` (${fields["\
reason"]})`}`;const count3={failures:monitor.failures.length,failuresMax};log(state,"error","resource-failed",{...fields,
...count3});if(monitor.failures.length<failuresMax)return restart(state,group,index);if(peerCanTake(state,group))return giveUp(
state,group);monitor.waitUntilUs=Math.max(monitor.failures[0]+windowUs,state.nowUs+secondLookUs);monitor.watches[index].
dueUs=monitor.waitUntilUs;alarm(state,group,"monitor-nobody-else","error")}function waitOrRestart(state,group,index,untilUs){
if(state.nowUs<untilUs)group.monitor.watches[index].dueUs=untilUs;else restart(state,group,index)}function restart(state,group,index){
const{monitor}=group;Object.assign(monitor,{waitUntilUs:void 0,restartedFrom:index,restarts:monitor.restarts+1});endAlarm(
state,"monitor-nobody-else",group.configuration.key);const fields={group:group.configuration.key,resource:group.configuration.
resources[index].written};log(state,"notice","group-restarting",fields);monitor.restartedUs=state.nowUs;const starts=group.
configuration.resources.map((_,at)=>at).slice(index);changeGroup(state,group,{stops:starts.toReversed(),starts,optional:[]})}
function giveUp(state,group){group.lastFailure=group.monitor.lastFailed;endAlarm(state,"monitor-nobody-else",group.configuration.
key);alarm(state,group,"monitor-gave-up","error");stopGroup(state,group,"failed")}function peerCanTake(state,group){const{
peer}=state;if(peer.presence!=="up"||!peer.fresh||peer.deafSinceUs!==void 0)return false;const letter=statementOf(state,
group)?.letter;return peer.report?.stage==="member"&&(letter==="-"||letter==="o")}function sayNowhere(state,group){const{
peer}=state;const known=peer.presence==="up"&&peer.fresh;const nowhere=letterOf(group)==="x"&&known&&statementOf(state,group)?.
letter==="x";const key=group.configuration.key;if(!nowhere)endAlarm(state,"group-runs-nowhere",key);else if(!hasAlarm(state,
"group-runs-nowhere",key))alarm(state,group,"group-runs-nowhere","critical")}function fieldsOf(group,index,result){const resource=group.
configuration.resources[index].written;return{group:group.configuration.key,resource,said:result.outcome,reason:result.reason??
"",exitCode:result.exitCode??-1}}function alarm(state,group,code,level){const{failuresMax,failureWindowMs}=state.options.
monitoring;const fields={group:group.configuration.key,peer:state.options.peer,failures:failuresMax,windowMs:failureWindowMs,
reason:group.monitor.lastFailed??group.lastFailure??""};raiseAlarm(state,{code,fields},group.configuration.key);log(state,
level,code,fields)}function log(state,level,code,fields){state.effects.push({type:"log",level,message:{code,fields}})}function unmanage(state,key,by){const group=state.groups.find(candidate=>candidate.configuration.key===key);if(group===void 0)
return noSuchGroup(state,key);const letter=letterOf(group);const fields={group:key,peer:state.options.peer};if(letter!==
"r"){if(isHeld(letter))return{code:"transition-in-progress",fields};const there=isHeld(statementOf(state,group)?.letter??
"-");return{code:there?"unmanage-at-peer":"unmanage-not-running",fields}}group.unmanaged=by;log2(state,"group-unmanaged",
{group:key,who:by.who});return void 0}function manage(state,key,who){const group=state.groups.find(candidate=>candidate.
configuration.key===key);if(group===void 0)return noSuchGroup(state,key);if(group.unmanaged===void 0){const there=statementOf(
state,group)?.unmanaged===true;return{code:there?"manage-at-peer":"not-unmanaged",fields:{group:key,peer:state.options.peer}}}
group.unmanaged=void 0;probeGroup(state,group);log2(state,"group-managed",{group:key,who});return void 0}function adoptUnmanaged(state,entries){
for(const{group:key,who,at}of entries){const group=state.groups.find(candidate=>candidate.configuration.key===key);if(group!==
void 0&&letterOf(group)==="r")group.unmanaged={who,at}}state.unmanagedRecorded=recordOf(entries)}function settleUnmanaged(state){
for(const group of state.groups){if(group.unmanaged===void 0||letterOf(group)==="r")continue;log2(state,"unmanage-over",
{group:group.configuration.key,who:group.unmanaged.who});group.unmanaged=void 0}}function recordUnmanaged(state){const content=recordOf(
state.groups.flatMap(group=>group.unmanaged===void 0?[]:[{group:group.configuration.key,...group.unmanaged}]));if(content===
state.unmanagedRecorded)return;state.unmanagedRecorded=content;state.effects.push({type:"persist",recordId:state.nextRecordId++,
name:"unmanaged.json",content})}function recordOf(entries){return JSON.stringify({unmanaged:entries.map(({group,who,at})=>({
group,who,at}))})}function log2(state,code,fields){state.effects.push({type:"log",level:code==="group-managed"?"notice":
"warning",message:{code,fields}})}var takeoverLimitUs=3600*usPerSecond;function runCommand(state,event){const{command,requestId,who}=event;switch(command.
verb){case"standby":return askStandby(state,command.scope,"standby",requestId,command.groups);case"takeover":return askTakeover(
state,command.scope,requestId,command.groups);case"cleanup":return cleanup(state,command.group,requestId,who);case"unman\
age":return reply(state,requestId,unmanage(state,command.group,{who,at:command.at}));case"manage":return reply(state,requestId,
manage(state,command.group,who));case"acknowledgeSplit":return acknowledgeSplit(state,requestId);case"outdatePeer":return outdatePeer(
state,command.resource,command.timeoutMs,requestId);case"askClient":return askClient(state,command.client,requestId);case"\
say":return say2(state,command.message,requestId)}}function settleTakeoverRequest(state){const pending=state.pendingTakeover;
if(pending===void 0)return;const groups=state.groups.filter(group=>pending.keys.includes(group.configuration.key));if(groups.
every(group=>letterOf(group)==="r"))answerTakeover(state,void 0);else if(groups.some(group=>letterOf(group)==="x"))answerTakeover(
state,{code:"group-start-failed",fields:{group:pending.keys.join(" "),reason:""}});else if(state.nowUs>=pending.limitUs)
answerTakeover(state,{code:"handover-timeout",fields:{peer:state.options.peer}})}function askTakeover(state,scope,requestId,only){
const fields={peer:state.options.peer,scope:only?.join(" ")??scope};const narrow=cannotNarrow(state,scope,only);if(narrow!==
void 0){reply(state,requestId,narrow);return}const there=groupsInScope(state,scope,only).filter(group=>statementOf(state,
group)?.letter==="r");const wanted=there.filter(group=>statementOf(state,group)?.unmanaged!==true);const code=stageOf(state)!==
"member"?"not-a-member":isHandingOver(state)||state.pendingTakeover!==void 0?"handover-in-progress":state.peer.presence!==
"up"?"peer-not-there":!state.peer.fresh?"peer-not-ready":wanted.length===0?there.length>0?"unmanaged-at-peer":"nothing-t\
o-take":void 0;if(code!==void 0){reply(state,requestId,{code,fields});return}const keys=wanted.map(group=>group.configuration.
key);state.pendingTakeover={requestId,keys,limitUs:state.nowUs+takeoverLimitUs};arm(state.timers,"takeover limit",state.
nowUs+takeoverLimitUs);for(const group of wanted)if(letterOf(group)==="x")sendToGroup(state,group,{type:"cleanup"});const named={
rsc_hold:scope,...only===void 0?{}:{pbask:keys.join(" ")}};state.effects.push({type:"send",message:messageOf("hb_takeove\
r",named)});state.effects.push({type:"reply",requestId,ok:true,final:false})}function answerTakeover(state,problem){const{
pendingTakeover}=state;if(pendingTakeover===void 0)return;state.pendingTakeover=void 0;disarm(state.timers,"takeover lim\
it");reply(state,pendingTakeover.requestId,problem)}function cleanup(state,key,requestId,who){const groups=state.groups.
filter(group=>key===void 0||group.configuration.key===key);if(groups.length===0){reply(state,requestId,noSuchGroup(state,
key??""));return}let stuckThere;for(const group of groups){const letter=letterOf(group);forgetFailures(state,group);if(letter===
"x"||letter==="f")sendToGroup(state,group,{type:"cleanup"});tryLeftOutAgain(state,group);if(letter==="-"&&state.peer.presence===
"up"&&group.stuckAtPeer)stuckThere=group.configuration.key;if(state.peer.presence!=="up"&&group.stuckAtPeer)group.operatorWord=
who;for(const code of["group-stop-failed","address-in-use","address-shared"])endAlarm(state,code,group.configuration.key)}
endAlarm(state,"leave-refused");endAlarm(state,"guardian-acted");persistSticky(state);state.effects.push({type:"log",level:"\
notice",message:{code:"cleanup-done",fields:{group:key??"all",who}}});const problem={code:"cleanup-at-peer",fields:{group:stuckThere??
"",peer:state.options.peer}};reply(state,requestId,stuckThere===void 0?void 0:problem)}function acknowledgeSplit(state,requestId){
state.split=void 0;const recordId=state.nextRecordId++;state.effects.push({type:"persist",recordId,name:"split.json",content:JSON.
stringify({groups:[]})});reply(state,requestId,void 0)}function say2(state,message2,requestId){const problem=stageOf(state)===
"left"?notAMember(state):whyNotSaid(message2);if(problem===void 0)state.effects.push({type:"send",message:message2});reply(
state,requestId,problem)}var notAMember=state=>({code:"not-a-member",fields:{stage:stageOf(state)}});function reply(state,requestId,problem){
if(problem===void 0)state.effects.push({type:"reply",requestId,ok:true,final:true});else state.effects.push({type:"reply",
requestId,ok:false,problem,final:true})}var lingerMs=[15,40];var lingerBesideHeartbeatMs=[1e3];var lastLinger="linger last";function stopRequested(state){if(stageOf(
state)==="leaving"||stageOf(state)==="left")return;const{self,peer}=state.options;state.effects.push({type:"record",record:{
kind:"handoverRequested",us:state.nowUs,reason:"stop",from:self,to:peer}});state.effects.push({type:"log",level:"notice",
message:{code:"leaving",fields:{}}});state.life=advance(lifeMachine,state.life,{type:"stopRequested"}).snapshot}function settleLeaving(state){
if(stageOf(state)!=="leaving")return;for(const group of state.groups){const letter=letterOf(group);if(letter==="r"||letter===
"s")stopGroup(state,group,"offered");if(letter==="-")sendToGroup(state,group,{type:"offer"})}const held=state.groups.filter(
group=>isHeld(letterOf(group)));if(held.length>0){if(held.every(group=>letterOf(group)==="f"))refuseToLeave(state,held[0]?.
configuration.key??"");return}state.life=advance(lifeMachine,state.life,{type:"emptied"}).snapshot;sayShutdone(state);const besideHeartbeat=isClassic(
state)&&state.peer.presence==="up";const pausesMs=besideHeartbeat?lingerBesideHeartbeatMs:lingerMs;for(const[index,afterMs]of pausesMs.
entries()){const name=index+1===pausesMs.length?lastLinger:`linger ${index}`;arm(state.timers,name,state.nowUs+afterMs*usPerMs)}}
function linger(state,name){if(!isClassic(state))sayShutdone(state);if(name===lastLinger)state.effects.push({type:"exit",
code:0,keepHost:false})}function sayShutdone(state){state.effects.push({type:"send",message:messageOf("shutdone",{st:"de\
ad"})})}function refuseToLeave(state,group){if(hasAlarm(state,"leave-refused"))return;raiseAlarm(state,{code:"leave-refu\
sed",fields:{group}});state.effects.push({type:"log",level:"critical",message:{code:"leave-refused",fields:{group}}})}function adoptMarks(state,keys){state.marksRecorded=keys.join(" ");for(const group of state.groups){group.marked=letterOf(
group)==="r"&&keys.includes(group.configuration.key);group.claimedAtVersion=unpublished}}function adoptStuck(state,keys){
state.stuckRecorded=keys.join(" ");for(const group of state.groups)group.stuckAtPeer=keys.includes(group.configuration.key)}
function writeRecordsAgain(state){persistSticky(state);persist(state,"split.json",state.split?.groups??[]);state.marksRecorded=
void 0;state.stuckRecorded=void 0;state.unmanagedRecorded=""}function recordMarks(state){const keysOf=wanted=>state.groups.
filter(wanted).map(group=>group.configuration.key);const marked=keysOf(group=>group.marked);if(marked.join(" ")!==state.
marksRecorded){state.marksRecorded=marked.join(" ");persist(state,"taken-on-silence.json",marked)}const stuck=keysOf(group=>group.
stuckAtPeer);if(stuck.join(" ")!==state.stuckRecorded){state.stuckRecorded=stuck.join(" ");persist(state,"stuck-at-peer.\
json",stuck)}}function persist(state,name,groups){const recordId=state.nextRecordId++;state.effects.push({type:"persist",
recordId,name,content:JSON.stringify({groups})})}function noteNodeList(state,message2){const{self,peer}=state.options;const names=(textOf(message2,"nodelist")??"").toLowerCase().
split(" ");const strangers=names.filter(name=>name!==""&&name!==self&&name!==peer);if(textOf(message2,"t")==="addnode"&&
strangers.length>0){const fields={peer,nodes:strangers.join(" ")};state.effects.push({type:"log",level:"error",message:{
code:"peer-adds-node",fields}})}if(textOf(message2,"t")==="delnode"&&names.includes(self)){state.effects.push({type:"log",
level:"critical",message:{code:"peer-removes-us",fields:{peer,self}}})}}function planChange(present,wanted){const goes=resource=>!has(wanted,resource);const comes=resource=>!has(present,resource);
if(!present.some(goes)&&!wanted.some(comes))return void 0;const merged=mergeLists(present,wanted);const unsettled=merged.
findIndex(resource=>!isAddress(resource)&&(goes(resource)||comes(resource)));const restarts=at=>unsettled>=0&&at>unsettled&&
!isAddress(merged[at]);const indexes=merged.map((_,at)=>at);return{merged,stops:indexes.filter(at=>goes(merged[at])||!comes(
merged[at])&&restarts(at)).reverse(),starts:indexes.filter(at=>comes(merged[at])||!goes(merged[at])&&restarts(at)),optional:indexes.
filter(at=>comes(merged[at]))}}function mergeLists(present,wanted){const merged=wanted.map(resource=>present.find(other=>sameResource(
other,resource))??resource);for(const[at,resource]of present.entries()){if(has(wanted,resource))continue;const neighbour=at===
0?-1:merged.indexOf(present[at-1]);merged.splice(neighbour+1,0,resource)}return merged}var has=(list,resource)=>list.some(
other=>sameResource(other,resource));function resourceId(resource){const known=ids.get(resource);if(known!==void 0)return known;const text=isAddress(resource)?
`address ${(resource.args[0]??"").split("/")[0]}`:[resource.kind,resource.type,...resource.args].join(":");const id=fingerprint(
text,2166136261);ids.set(resource,id);return id}function saidOf(group,claims2){return[...group.configuration.resources.map(
resource=>({id:resourceId(resource),claimed:false})),...claims2.map(resource=>({id:resourceId(resource),claimed:true}))]}
function digestOfLists(groups){const text=groups.map(({key,said})=>`${key} ${said.map(({id})=>id).sort().join(" ")}`).sort().
join("\n");return fingerprint(text,2166136261)+fingerprint(text,19088743)}function encodeResources(said){return said.length===
0?"-":said.map(({id,claimed})=>claimed?`?${id}`:id).join(",")}function decodeResources(word){if(word==="-")return[];const said=word.
split(",").map(part=>({id:part.replace("?",""),claimed:part.startsWith("?")}));return said.every(({id})=>/^[0-9a-f]{8}$/.
test(id))?said:void 0}function elsewhereAtPeer(state,key,id){const{report}=state.peer;for(const{key:theirs,letter,resources}of report?.
groups??[]){const said=theirs===key?void 0:resources?.find(candidate=>candidate.id===id);if(said!==void 0&&!wantedBoth(state,
theirs,id))return{key:theirs,claimed:said.claimed,letter}}return void 0}function wantedBoth(state,key,id){const group=state.
groups.find(candidate=>candidate.configuration.key===key);return group?.wanted?.resources.some(resource=>resourceId(resource)===
id)===true}var ids=new WeakMap;function fingerprint(text,seed){let hash=seed;for(let at=0;at<text.length;at++)hash=Math.
imul(hash^text.charCodeAt(at),16777619);return(hash>>>0).toString(16).padStart(8,"0")}function reconfigure(state,settings){const before=state.options;state.options={...before,...settings};takeGroups(state,settings.
groups);for(const group of state.groups){const{value,context}=group.snapshot;group.snapshot={value,context:{...context,stopRetryMax:settings.
stopRetryMax}}}if(settings.announceIntervalMs!==before.announceIntervalMs){disarm(state.timers,"announce");armPeriodicAnnounce(
state)}changePingNodes(state,settings.reach);ownMeaningChanged(state);if(stageOf(state)==="joining"&&state.waitMs===before.
initdeadMs){state.waitMs=settings.initdeadMs;arm(state.timers,"wait",state.waitingSinceUs+state.waitMs*usPerMs)}state.ackSent=
-1}function findLeftovers(state,inventory){for(const entry of inventory.toSorted((left,right)=>left.index-right.index)){
let group=state.groups.find(({configuration})=>configuration.key===entry.group);if(group===void 0){const configuration={
key:groupKey(entry.group),index:state.groups.length,owner:state.options.self};group=createGroup({...configuration,resources:[]},
state.options.stopRetryMax);group.wanted=void 0;state.groups.push(group)}const{resources}=group.configuration;const at=resources.
findIndex(resource=>sameResource(resource,entry.resource));if(at<0)setResources(group,[...resources,entry.resource]);else if(resources[at]?.
written!==entry.resource.written)setResources(group,resources.with(at,entry.resource))}}function settleResources(state){
const stage=stageOf(state);if(stage!=="member"&&stage!=="joining")return;for(const group of state.groups){if(group.wanted===
void 0)settleRemoved(state,group);else if(group.configuration.resources!==group.wanted.resources||disagrees(state))settleList(
state,group,group.wanted)}const stays=group=>group.wanted!==void 0||isHeld(letterOf(group))||group.stuckAtPeer;if(!state.
groups.every(stays))state.groups=state.groups.filter(group=>stays(group)||forget3(state,group))}function isReadyToStart(state,group){
const{wanted,configuration}=group;if(wanted===void 0||configuration.resources.length===0)return false;return configuration.
resources===wanted.resources||claimsOf(state,group).length===0}function saidLists(state){const theirs=state.peer.presence===
"up"?state.peer.report?.lists:void 0;const present=state.groups.map(({configuration})=>configuration.resources);const settled=state.
groups.every(({configuration,wanted})=>configuration.resources===wanted?.resources);const known=settled&&state.listsMemo!==
void 0&&equal(state.listsMemo.present,present);if(known&&(theirs===void 0||theirs===state.listsMemo?.digest))return{digest:state.
listsMemo.digest,lists:void 0};const said=state.groups.map(group=>saidOf(group,claimsOf(state,group)));const digest=digestOfLists(
state.groups.map(({configuration:{key}},at)=>({key,said:said[at]})));state.listsMemo=settled?{present,digest}:void 0;return{
digest,lists:theirs===void 0||theirs===digest?void 0:said}}function takeGroups(state,configured){for(const group of state.
groups){const wanted=configured.find(({key})=>key===group.configuration.key);group.wanted=wanted;tryLeftOutAgain(state,group);
if(wanted!==void 0){const{owner,index}=wanted;group.configuration={...group.configuration,owner,index}}}for(const configuration of configured){
if(state.groups.some(group2=>group2.configuration.key===configuration.key))continue;const group=createGroup({...configuration,
resources:[]},state.options.stopRetryMax);group.wanted=configuration;state.groups.push(group)}state.groups.sort((left,right)=>place(
left,configured)-place(right,configured))}function place(group,configured){return group.wanted===void 0?configured.length:
configured.indexOf(group.wanted)}function settleRemoved(state,group){const letter=letterOf(group);if(letter!=="r"&&letter!==
"s"||group.unmanaged!==void 0)return;const fields={group:group.configuration.key};state.effects.push({type:"log",level:"\
notice",message:{code:"group-removed",fields}});stopGroup(state,group,"stopped")}function forget3(state,group){disarm(state.
timers,`retry ${group.configuration.key}`);for(const name of[...state.alarms.keys()])if(name.split(" ")[1]===group.configuration.
key)state.alarms.delete(name);return false}function settleList(state,group,wanted){const permitted=[];for(const resource of wanted.
resources){const present=inForce(group,resource);if(isPermitted(state,group,resource))permitted.push(present??resource);
sayElsewhere(state,group,resource)}const letter=letterOf(group);const complete=permitted.length===wanted.resources.length&&
permitted.every((one,at)=>one===wanted.resources[at]);const resources=complete?wanted.resources:permitted;if(!isHeld(letter)){
if(!equal(group.configuration.resources,resources))setResources(group,resources);else if(complete)group.configuration={...group.
configuration,resources};return}if(letter!=="r"||group.inFlight!==void 0||group.unmanaged!==void 0)return;const plan=planChange(
group.configuration.resources,resources);if(plan===void 0){const reordered=!equal(group.configuration.resources,resources);
setResources(group,resources);if(reordered)regroup(state,group);return}if(plan.starts.length>0&&(stageOf(state)!=="membe\
r"||mayRunAtPeer(state,group)))return;if(isHandingOver(state)&&state.handover?.keys.includes(group.configuration.key))return;
if(!state.hostReady)return;const{merged,...change}=plan;sayChange(state,group,merged,change.stops.length,change.starts.length);
changeGroup(state,group,change,merged);regroup(state,group)}function isPermitted(state,group,resource){if(group.leftOut.
includes(resource.written))return false;if(isInForce(group,resource))return!mustGiveUp(state,group,resource);return!isElsewhere(
state,group,resource)&&!goesElsewhere(state,group,resource)&&isAnswered(state)}function isInForce(group,resource){return isHeld(
letterOf(group))&&inForce(group,resource)!==void 0}function inForce(group,resource){return group.configuration.resources.
find(other=>sameResource(other,resource))}function claimsOf(state,group){const{wanted,configuration}=group;if(wanted===void 0||
wanted.resources===configuration.resources)return[];return wanted.resources.filter(resource=>inForce(group,resource)===void 0&&
!group.leftOut.includes(resource.written)&&!isElsewhere(state,group,resource)&&!losers(state,group,resource).some(isStuck))}
function isElsewhere(state,group,resource){const there=peerElsewhere(state,group,resource);if(there===void 0)return false;
return!there.claimed||compareText(there.key,group.configuration.key)<0}function peerElsewhere(state,group,resource){const{
peer}=state;if(peer.presence!=="up")return void 0;return elsewhereAtPeer(state,group.configuration.key,resourceId(resource))}
function goesElsewhere(state,group,resource){return losers(state,group,resource).length>0}var isStuck=group=>letterOf(group)===
"f"||group.unmanaged!==void 0;function losers(state,group,resource){const id=resourceId(resource);const has2=list=>list.
some(other=>resourceId(other)===id);return state.groups.filter(other=>other!==group&&isHeld(letterOf(other))&&has2(other.
configuration.resources)&&!has2(other.wanted?.resources??[]))}function mustGiveUp(state,group,resource){if(!state.peer.fresh)
return false;const there=peerElsewhere(state,group,resource);if(there===void 0||there.claimed||!["s","r","u","f"].includes(
there.letter))return false;return compareText(there.key,group.configuration.key)<0}function isAnswered(state){const{peer}=state;
if(peer.presence!=="up")return true;if(!peer.fresh||peer.report===void 0)return peer.product==="heartbeat";const{lists:theirs,
ack,groups}=peer.report;if(theirs===void 0)return true;const{digest}=saidLists(state);if(theirs===digest)return true;const known=groups.
every(({resources})=>resources!==void 0);return known&&digest===state.listsSaid&&ack>=state.listsAtVersion}function disagrees({
peer,listsSaid}){return peer.presence==="up"&&peer.report?.lists!==void 0&&peer.report.lists!==listsSaid}function sayElsewhere(state,group,resource){
const subject=`${group.configuration.key} ${resource.written}`;const there=isInForce(group,resource)?void 0:peerElsewhere(
state,group,resource);if(there===void 0)return endAlarm(state,"resource-elsewhere",subject);if(state.alarms.has(`resourc\
e-elsewhere ${subject}`))return;const{peer}=state.options;const fields={group:group.configuration.key,resource:resource.
written,peer,other:there.key};raiseAlarm(state,{code:"resource-elsewhere",fields},subject);state.effects.push({type:"log",
level:"warning",message:{code:"resource-elsewhere",fields}})}function sayChange(state,group,merged,stops,starts){const fields={
group:group.configuration.key,stops,starts,resources:merged.length};state.effects.push({type:"log",level:"notice",message:{
code:"group-changing",fields}})}function regroup(state,{configuration:{key,resources}}){state.effects.push({type:"regrou\
p",group:key,resources})}function equal(left,right){return left.length===right.length&&left.every((item,at)=>item===right[at])}var groupsMax=512;var stageLetters={joining:"j",member:"m",leaving:"l",left:"d",paused:"p"};function encodeReport(report){
const head=`${report.version} ${report.ack} ${stageLetters[report.stage]} ${report.ackGeneration.toString(16)}`;const groups=report.
groups.map(group=>`${group.letter}${signOf(group)}${group.owner}:${group.key}`);const fields=[{name:"pbrep",value:head},
{name:"pbgrp",value:groups.join(" ")},...report.pings===void 0?[]:[{name:"pbping",value:pingText(report.pings)}]];if(report.
lists!==void 0)fields.push({name:"pbcfg",value:report.lists});const lists=report.groups.flatMap(({resources})=>resources===
void 0?[]:[encodeResources(resources)]);if(lists.length>0)fields.push({name:"pbres",value:lists.join(" ")});return fields}
function reportContent(report){return encodeReport({...report,version:0,ack:0}).map(field=>field.value).join("\n")}function decodeReport(message2){
const head=textOf(message2,"pbrep");const body=textOf(message2,"pbgrp");if(head===void 0||body===void 0)return void 0;const match=/^(\d{1,15}) (\d{1,15}) ([jmldp]) ([0-9a-f]{1,12})$/.
exec(head);const stage=Object.keys(stageLetters).find(name=>stageLetters[name]===match?.[3]);if(match===null||stage===void 0)
return void 0;const words=body===""?[]:body.split(" ");if(words.length>groupsMax)return void 0;const groups=[];for(const word of words){
const statement=decodeStatement(word);if(statement===void 0)return void 0;groups.push(statement)}const lists=textOf(message2,
"pbcfg");if(lists!==void 0&&!/^[0-9a-f]{16}$/.test(lists))return void 0;const resources=decodeLists(textOf(message2,"pbr\
es"),groups.length);if(resources===void 0)return void 0;return{version:Number(match[1]),ack:Number(match[2]),ackGeneration:Number.
parseInt(match[4],16),stage,groups:groups.map((group,at)=>resources[at]===void 0?group:{...group,resources:resources[at]}),
...lists===void 0?{}:{lists},...decodePings(message2)}}function pingText({live,disputed}){return disputed===void 0?String(
live):`${live} ${disputed}`}function decodePings(message2){const match=/^(\d{1,3})(?: (\d{1,3}))?$/.exec(textOf(message2,
"pbping")??"");if(match===null)return{};const live=Number(match[1]);return{pings:match[2]===void 0?{live}:{live,disputed:Number(
match[2])}}}function decodeLists(text,groups){if(text===void 0||text==="")return[];const lists=text.split(" ").map(decodeResources);
if(lists.length!==groups)return void 0;return lists.every(list=>list!==void 0)?lists:void 0}function decodeStatement(word){
const letter=word.slice(0,1);const sign2=word.slice(1,2);const colon2=word.indexOf(":",2);if(!isLetter(letter)||!".*=#".
includes(sign2)||colon2<3)return void 0;const unmanaged=sign2==="="||sign2==="#"?{unmanaged:true}:{};const marked=sign2===
"*"||sign2==="#";return{letter,marked,...unmanaged,owner:word.slice(2,colon2),key:word.slice(colon2+1)}}function signOf({
marked,unmanaged}){if(unmanaged===true)return marked?"#":"=";return marked?"*":"."}function publish(state){const report=buildReport(state);const content=reportContent(report);const ack=state.peer.report?.
version??0;const status=wireStatus(state);const changed=content!==state.reportContent;if(changed)takeNewVersion(state,content,
report.lists);const fields=encodeReport({...report,version:state.reportVersion,ack});const digest=state.options.configurationDigest;
const isNews=changed||ack!==state.ackSent||status!==state.statusSent||digest!==state.digestSent;if(isNews||attributesChanged(
state))advertise(state,status,ack,fields);if(changed||isClassic(state))sayResource(state,fields)}function advertise(state,status,ack,fields){
state.ackSent=ack;state.statusSent=status;state.digestSent=state.options.configurationDigest;state.attributesSent=attributeText(
state);state.effects.push({type:"advertise",status,deadtimeMs:state.options.deadtimeMs,fields:[...fields,{name:"pbdig",value:state.
options.configurationDigest.slice(0,digestDigits)},...attributeFields(state)],immediately:true})}function buildReport(state){const pings=reachReport(state);const{digest,lists}=saidLists(state);return{...pings===void 0?
{}:{pings},version:0,ack:0,ackGeneration:state.peer.generation,stage:stageOf(state),groups:state.groups.map((group,at)=>({
key:group.configuration.key,letter:letterOf(group),marked:group.marked,...group.unmanaged===void 0?{}:{unmanaged:true},owner:group.
configuration.owner,...lists?.[at]===void 0?{}:{resources:lists[at]}})),lists:digest}}function takeNewVersion(state,content,lists){
state.reportVersion++;state.reportContent=content;if(state.reach.disputedAtVersion===unpublished)state.reach.disputedAtVersion=
state.reportVersion;if(lists!==void 0&&lists!==state.listsSaid){state.listsSaid=lists;state.listsAtVersion=state.reportVersion}
for(const group of state.groups){if(group.offeredAtVersion===unpublished)group.offeredAtVersion=state.reportVersion;if(group.
claimedAtVersion===unpublished)group.claimedAtVersion=state.reportVersion;if(group.withdrawnAtVersion===unpublished)group.
withdrawnAtVersion=state.reportVersion}}function sayResource(state,fields){const claim=claimOf(state);if(claim===void 0)
return;const{hold,stable,info}=claim;const said=`${hold} ${stable?1:0} ${info??""}`;if(said===state.holdSent)return;state.
holdSent=said;const words={rsc_hold:hold,rtype:"full",isstable:stable?"1":"0",...info===void 0?{}:{info}};state.effects.
push({type:"send",message:{fields:[...messageOf("resource",words).fields,...fields]}})}function wireStatus(state){const stage=stageOf(
state);if(stage==="joining"&&isClassic(state)&&state.peer.classic.knowsUsSince!==void 0)return"active";if(stage==="left"&&
isClassic(state))return"active";return stage==="joining"||stage==="paused"?"up":stage==="left"?"dead":"active"}function peerHeard(state,event){const{peer}=state;peer.linkViewVersion=Math.max(peer.linkViewVersion,event.linkViewVersion);
peer.lastHeardUs=event.nowUs;if(event.generation!==peer.generation||event.uuid!==peer.uuid)forgetStatements(state);peer.
fresh=false;peer.classic={...peer.classic,knowsUsSince:void 0,nodesAskedUs:void 0,firstAskedUs:void 0};peer.generation=event.
generation;peer.uuid=event.uuid;peer.presence="up";endAlarm(state,"peer-does-not-hear-us");peer.failbackDue=true;peer.returnedUs=
event.returning?event.nowUs:void 0;const code=event.returning?"peer-returned":"peer-heard";const fields={peer:event.node,
generation:event.generation,silentMs:event.returning?(event.nowUs-peer.silentSinceUs)/usPerMs:0};state.effects.push({type:"\
log",level:event.returning?"warning":"notice",message:{code,fields}});if(event.returning)announce(state,state.groups.filter(
group=>!group.marked))}function peerSilent(state,event){const{peer}=state;if(event.linkViewVersion<peer.linkViewVersion)
return;peer.linkViewVersion=event.linkViewVersion;if(peer.presence==="never")return;const wasLeft=peer.presence==="left";
peer.deadtimeMs=event.deadtimeMs;peer.silentSinceUs=event.lastHeardUs;if(wasLeft)return;peer.presence="silent";state.effects.
push({type:"record",record:{kind:"peerSilent",us:event.nowUs,node:event.node,lastHeardUs:event.lastHeardUs}});const silentMs=(event.
nowUs-event.lastHeardUs)/usPerMs;state.effects.push({type:"log",level:"warning",message:{code:"peer-silent",fields:{peer:event.
node,silentMs,deadtimeMs:event.deadtimeMs}}});peerGone(state)}function peerDoesNotHearUs(state){if(state.peer.presence!==
"never")return;raiseAlarm(state,{code:"peer-does-not-hear-us",fields:{node:state.options.peer}});const untilUs=state.nowUs+
2*state.options.deadtimeMs*usPerMs;if(untilUs<=state.waitingSinceUs+state.waitMs*usPerMs)return;state.waitMs=(untilUs-state.
waitingSinceUs)/usPerMs;arm(state.timers,"wait",untilUs)}function peerMessage(state,event){const{peer}=state;if(event.generation!==
peer.generation||peer.presence==="left"||peer.presence==="silent")return false;peer.linkViewVersion=Math.max(peer.linkViewVersion,
event.linkViewVersion);peer.lastHeardUs=event.nowUs;if(peer.presence==="never"){peer.presence="up";endAlarm(state,"peer-\
does-not-hear-us")}readStatus(state,event);if(isClassic(state))readClassicMessage(state,event);else readReport(state,event);
return true}function peerLeft(state){if(state.peer.presence!=="up")return;state.peer.presence="left";state.peer.silentSinceUs=
state.nowUs;state.effects.push({type:"log",level:"notice",message:{code:"peer-left",fields:{peer:state.options.peer}}});
peerGone(state)}function settleMembership(state){if(stageOf(state)!=="joining"||!state.hostReady)return;const{peer}=state;
const waited=state.nowUs-state.waitingSinceUs>=state.waitMs*usPerMs;const known=peer.presence==="up"?peer.fresh&&peer.report!==
void 0:peer.presence!=="never"||waited;if(!known)return;const alone=peer.presence!=="up";sendToLife(state,{type:"joined"});
state.effects.push({type:"log",level:alone?"warning":"notice",message:{code:alone?"joined-alone":"joined",fields:{peer:state.
options.peer}}})}function sendToLife(state,event){state.life=advance(lifeMachine,state.life,event).snapshot}function forgetStatements(state){
const{peer}=state;peer.report=void 0;peer.classic=createClassicPeer();peer.overheard=void 0;peer.fresh=false;peer.deafSinceUs=
void 0}function peerGone(state){state.peer.deafSinceUs=void 0;for(const group of state.groups){group.disputedSinceUs=void 0;
if(letterOf(group)==="x")sendToGroup(state,group,{type:"cleanup"})}}function readStatus(state,event){const{peer}=state;const status=textOf(
event.message,"st");if(textOf(event.message,"t")!=="status")return;if(status!==void 0)peer.status=status;const deadtime=Number.
parseInt(textOf(event.message,"dt")??"",16);if(deadtime>0)peer.deadtimeMs=deadtime;const isHeartbeat=textOf(event.message,
"pbver")===void 0;readProduct(state,isHeartbeat?"heartbeat":"pairbeat");peer.configurationDigest=textOf(event.message,"p\
bdig")??(isHeartbeat?void 0:peer.configurationDigest);compareConfigurations(state,event.message);readHearing(state,textOf(
event.message,"pbsees"))}function peerIsLeaving(state){const{self,peer}=state.options;state.effects.push({type:"record",
record:{kind:"handoverRequested",us:state.nowUs,reason:"stop",from:peer,to:self}});state.effects.push({type:"log",level:"\
notice",message:{code:"peer-leaving",fields:{peer}}})}function compareConfigurations(state,status){const{configurationDigest:theirs}=state.
peer;const differs=theirs!==void 0&&theirs!==state.options.configurationDigest.slice(0,theirs.length);followDifference(state,
theirs??"",differs,status);if(!differs)return configurationsAgree(state);if(hasAlarm(state,"configuration-differs"))return;
const problem={code:"configuration-differs",fields:{peer:state.options.peer}};raiseAlarm(state,problem);state.effects.push(
{type:"log",level:"error",message:problem})}function configurationsAgree(state){if(!hasAlarm(state,"configuration-differ\
s"))return;endAlarm(state,"configuration-differs");const message2={code:"configuration-agrees",fields:{peer:state.options.
peer}};state.effects.push({type:"log",level:"notice",message:message2})}function readProduct(state,product){if(state.peer.
product===product)return;state.peer.product=product;forgetStatements(state);if(product==="pairbeat")return;const fields={
peer:state.options.peer};state.effects.push({type:"log",level:"notice",message:{code:"peer-is-heartbeat",fields}})}function readHearing(state,sees){
const{peer}=state;if(sees!=="dead"&&sees!=="init"){peer.deafSinceUs=void 0;return}if(peer.deafSinceUs!==void 0)return;peer.
deafSinceUs=state.nowUs}function readReport(state,event){const{peer}=state;const report=decodeReport(event.message);if(report===
void 0)return;if(peer.overheard===void 0||report.version>=peer.overheard.version)peer.overheard=report;const knowsUs=Number.
parseInt(textOf(event.message,"pbto")??"0",16)===state.generation;if(!knowsUs||report.ackGeneration!==state.generation)return;
if(peer.report!==void 0&&(report.version<peer.report.version||report.ack<peer.report.ack))return;if(report.stage==="leav\
ing"&&peer.report?.stage!=="leaving")peerIsLeaving(state);peer.report=report;for(const group of state.groups){group.stuckAtPeer=
statementOf(state,group)?.letter==="f";group.operatorWord=void 0}peer.reportUs=state.nowUs;peer.fresh=true}function boot(state,event){state.generation=event.generation;state.bootUs=event.nowUs;state.hostReady=true;waitForPeer(state,
state.options.initdeadMs);findLeftovers(state,event.hello.inventory);for(const group of state.groups){adoptInventory(state,
group,event.hello.inventory);if(!wasGuarded(state,event.hello))letGo2(state,group);if(event.stickyStopFailures.includes(
group.configuration.key))sendToGroup(state,group,{type:"sticky"});if(letterOf(group)==="r"){const fields={group:group.configuration.
key};state.effects.push({type:"log",level:"notice",message:{code:"group-adopted",fields}})}}adoptMarks(state,event.takenOnSilence??
[]);adoptStuck(state,event.stuckAtPeer??[]);adoptUnmanaged(state,event.unmanaged??[]);const splitGroups=event.splitGroups??
[];if(splitGroups.length>0)state.split={sinceUs:event.nowUs,healedUs:event.nowUs,groups:splitGroups};releaseAddresses(state,
state.groups.filter(group=>letterOf(group)==="u"));probeAddresses(state);armPeriodicAnnounce(state)}function wasGuarded(state,hello){
const{nowUs,options}=state;return!hello.guardianActed&&hello.lastBeatUs>0&&nowUs-hello.lastBeatUs<=options.deadtimeMs*usPerMs}
function letGo2(state,group){if(letterOf(group)!=="r")return;const fields={group:group.configuration.key,outcome:"unguar\
ded"};state.effects.push({type:"log",level:"warning",message:{code:"found-running-at-boot",fields}});sendToGroup(state,group,
{type:"suspect"})}var isProbing=state=>state.probes.size>0;function operationResult(state,result){const probed=state.probes.
get(result.id);if(probed===void 0){if(!checkResult(state,result))groupResult(state,result);return}state.probes.delete(result.
id);const group=state.groups.find(candidate=>candidate.configuration.key===probed);if(group===void 0||result.outcome==="\
not-running"||letterOf(group)!=="-")return;const fields={group:probed,outcome:result.outcome};state.effects.push({type:"\
log",level:"warning",message:{code:"found-running-at-boot",fields}});sendToGroup(state,group,{type:"suspect"})}function hostLost(state,reason){
state.hostReady=false;raiseAlarm(state,{code:"host-lost",fields:{reason}});state.effects.push({type:"log",level:"error",
message:{code:"host-lost",fields:{reason}}})}function hostReady(state,hello){state.hostReady=true;endAlarm(state,"host-l\
ost");state.effects.push({type:"log",level:"notice",message:{code:"host-ready",fields:{pid:hello.hostPid}}});if(hello.guardianActed){
pause(state,void 0);return}for(const group of state.groups)reconcile(state,group,hello.inventory)}function ownPause(state,event){
pause(state,event.gapUs/usPerMs)}function guardianActed(state,_inventory){raiseAlarm(state,{code:"guardian-acted",fields:{}});
pause(state,void 0)}function addressConflict(state,conflict){const fields={group:conflict.group,resource:conflict.resource.
written,hardwareAddress:conflict.hardwareAddress};raiseAlarm(state,{code:"address-shared",fields},conflict.group);state.
effects.push({type:"log",level:"critical",message:{code:"address-shared",fields}})}function settlePaused(state){if(!state.
rejoinDue||state.rejoinAsked||stageOf(state)==="left")return;if(state.groups.some(group=>isHeld(letterOf(group))&&letterOf(
group)!=="f"))return;state.rejoinAsked=true;state.effects.push({type:"rejoin"})}function rejoined(state,generation){state.
generation=generation;state.rejoinAsked=false;state.rejoinDue=false;forgetStatements(state);sendToLife(state,{type:"rejo\
ined"});waitForPeer(state,2*state.options.deadtimeMs);state.effects.push({type:"log",level:"notice",message:{code:"rejoi\
ned",fields:{generation}}})}function declaredDead(state){standDown(state,{code:"declared-dead-by-peer",fields:{peer:state.
options.peer}})}function pause(state,gapMs){const{deadtimeMs}=state.options;standDown(state,gapMs===void 0?{code:"guardi\
an-acted",fields:{}}:{code:"own-pause",fields:{gapMs,deadtimeMs}})}function standDown(state,message2){const again=state.
rejoinDue;state.rejoinDue=true;const sleepers=state.groups.filter(group=>!again||letterOf(group)!=="p");releaseAddresses(
state,sleepers);state.effects.push({type:"log",level:"critical",message:message2});sendToLife(state,{type:"paused"});forgetStatements(
state);state.peer.presence="never";for(const group of sleepers){if(isHeld(letterOf(group))&&letterOf(group)!=="f")sendToGroup(
state,group,{type:"suspect"})}}function waitForPeer(state,waitMs){state.waitingSinceUs=state.nowUs;state.waitMs=waitMs;arm(
state.timers,"wait",state.nowUs+waitMs*usPerMs)}function probeAddresses(state){for(const group of state.groups){if(letterOf(
group)!=="-")continue;for(const index of addressIndexes(group)){const operation=operationFor(state,group,index,"status");
state.probes.set(operation.id,group.configuration.key);state.effects.push({type:"operation",operation})}}}function reconcile(state,group,inventory){
const entries=inventory.filter(entry=>entry.group===group.configuration.key);const complete=entries.length===group.configuration.
resources.length&&entries.every(entry=>entry.state!=="stop-failed");const letter=letterOf(group);const agrees=letter==="\
r"?complete:letter==="-"||letter==="o"||letter==="x"?entries.length===0:true;if(!agrees)sendToGroup(state,group,{type:"s\
uspect"})}var restartBeginsMs=4e3;function settleClassicSplit(state){const{peer,nowUs}=state;const{declaredUsDeadUs,leaving}=peer.
classic;if(peer.presence!=="up"||declaredUsDeadUs===void 0||leaving)return false;if(!["member","joining"].includes(stageOf(
state)))return false;if(peer.returnedUs!==void 0&&declaredUsDeadUs-peer.returnedUs<=declarationGraceMs*usPerMs){const untilUs=peer.
returnedUs+restartBeginsMs*usPerMs;if(nowUs<untilUs){arm(state.timers,"classic restart",untilUs);return true}}peer.classic.
declaredUsDeadUs=void 0;declaredDead(state);return true}function mustYieldToHeartbeat({peer,nowUs}){return peer.returnedUs===
void 0||nowUs-peer.returnedUs>=declarationGraceMs*usPerMs}function insistsOnNotHearing(state,sinceUs){const graceUs=Math.max(3*state.options.keepaliveMs,300)*usPerMs;return state.
peer.lastHeardUs-sinceUs>=graceUs}var claims=new Set(["s","r","f"]);function settleDisputes(state){const losing=[];if(isClassic(
state)&&settleClassicSplit(state))return;for(const group of state.groups){const ours=letterOf(group);const theirs=statementOf(
state,group);const claimed=theirs!==void 0&&claims.has(theirs.letter);if(claimedUnheard(state,group))losing.push(group);
if(state.peer.presence!=="up"||!state.peer.fresh)continue;const disputed=claimed&&(ours==="s"||ours==="r");if(!disputed){
if(group.disputedSinceUs!==void 0)resolved(state,group,theirs!==void 0&&isHeld(theirs.letter));continue}if(group.disputedSinceUs===
void 0)disputeBegins(state,group);if(mustYield(state,group,theirs))losing.push(group)}if(state.groups.every(group=>group.
disputedSinceUs===void 0))thawReach(state);if(losing.length>0)yieldGroups(state,losing)}function mustYield(state,group,theirs){
if(isClassic(state))return mustYieldToHeartbeat(state);if(theirs.letter==="f")return group.marked&&(!theirs.marked||letterOf(
group)==="s");const{deafSinceUs}=state.peer;if(deafSinceUs!==void 0)return insistsOnNotHearing(state,deafSinceUs);if((state.
peer.report?.ack??0)<group.claimedAtVersion)return false;if(group.marked!==theirs.marked)return group.marked;const better=betterReach(
state);if(better!=="nobody")return better==="theirs";return compareText(state.options.uuid,state.peer.uuid)>0}function claimedUnheard(state,group){
const{peer}=state;if(peer.presence!=="up"||peer.fresh||peer.deafSinceUs===void 0)return false;const ours=letterOf(group);
if(ours!=="s"&&ours!=="r"||!insistsOnNotHearing(state,peer.deafSinceUs))return false;const theirs=peer.overheard?.groups.
find(statement=>statement.key===group.configuration.key);return theirs?.letter==="s"||theirs?.letter==="r"}function yieldGroups(state,groups){
releaseAddresses(state,groups);for(const group of groups){const fields={group:group.configuration.key,peer:state.options.
peer};state.effects.push({type:"log",level:"critical",message:{code:"split-yielded",fields}});stopGroup(state,group,"sto\
pped")}}function disputeBegins(state,group){group.disputedSinceUs=state.nowUs;freezeReach(state);const key=group.configuration.
key;state.effects.push({type:"log",level:"critical",message:{code:"split-found",fields:{group:key,peer:state.options.peer}}});
if(!group.marked)announce(state,[group]);if(group.configuration.resources.every(isAddress))return;const before=state.split;
const groups=before===void 0?[key]:[...new Set([...before.groups,key])];state.split={sinceUs:before?.sinceUs??contactLostUs(
state),healedUs:state.nowUs,groups};const recordId=state.nextRecordId++;state.effects.push({type:"persist",recordId,name:"\
split.json",content:JSON.stringify({groups})})}function contactLostUs({peer,nowUs}){return peer.silentSinceUs>0?Math.min(
peer.silentSinceUs,nowUs):peer.deafSinceUs??nowUs}function resolved(state,group,stillHeldByPeer){if(stillHeldByPeer)return;
group.disputedSinceUs=void 0;group.marked=false;const fields={group:group.configuration.key,keeper:letterOf(group)==="r"?
state.options.self:state.options.peer};state.effects.push({type:"log",level:"notice",message:{code:"split-healed",fields}});
announce(state,[group])}var askAgainUs4=10*usPerSecond;function settleIpfail(state){const{reach,options}=state;if(!options.reach.ipfail)return;compare(
state);if(reach.lessSinceUs===void 0){disarm(state.timers,"ipfail");return}const dueUs=Math.max(reach.lessSinceUs+delayUs(
state),reach.askAgainUs);if(state.nowUs<dueUs){arm(state.timers,"ipfail",dueUs);return}const holds=state.groups.some(group=>letterOf(
group)==="r");if(!holds||isHandingOver(state))return;reach.askAgainUs=state.nowUs+askAgainUs4;const fields={ours:livePingNodes(
reach.nodes),theirs:peerReach(state)??0,peer:options.peer};state.effects.push({type:"log",level:"warning",message:{code:"\
ipfail-gives",fields}});askStandby(state,"all","ipfail",void 0)}function compare(state){const{reach}=state;const theirs=stageOf(
state)==="member"?peerReach(state):void 0;const ours=livePingNodes(reach.nodes);const known=reach.nodes.every(node=>!node.
options.listed||node.status!=="init");const less=theirs!==void 0&&known&&ours<theirs;const even=theirs!==void 0&&theirs>=
ours;reach.lessSinceUs=less?reach.lessSinceUs??state.nowUs:void 0;reach.peerEvenSinceUs=even?reach.peerEvenSinceUs??state.
nowUs:void 0}var client2={from_id:"ipfail",to_id:"ipfail",client_gen:"0"};function ipfailMessage(state,message2){if(!isWanted(state))
return;const{reach}=state;const ours=livePingNodes(reach.nodes);switch(textOf(message2,"t")){case"num_ping_nodes":{const text=textOf(
message2,"num_ping")??"";if(!/^\d{1,4}$/.test(text))return;reach.classicCount=Number(text);if(reach.classicCount===ours)
say3(state,"abort_giveup");else if(reach.classicCount<ours)say3(state,"you_are_dead");else reach.classicTold=void 0;return}case"\
you_are_dead":reach.classicCount=ours+1;return;case"abort_giveup":reach.classicCount=ours;return;case"hbapi-clstat":if(textOf(
message2,"from_id")!=="ipfail")return;if(textOf(message2,"st")==="leave")reach.classicCount=void 0;reach.classicTold=void 0}}
function sayIpfailCount(state){const{reach}=state;if(!isWanted(state)||state.peer.presence!=="up"){reach.classicTold=void 0;
return}const ours=livePingNodes(reach.nodes);if(reach.classicTold===ours)return;reach.classicTold=ours;say3(state,"num_p\
ing_nodes",{num_ping:String(ours)})}function isWanted({options,peer}){return options.reach.ipfail&&peer.product==="heart\
beat"}function say3(state,type,fields={}){const message2=messageOf(type,{...fields,...client2});state.effects.push({type:"\
send",message:message2,dest:state.options.peer})}function settlePingd(state){for(const pingd of state.options.reach.pingd){const watched=watchedBy(state.reach.nodes,pingd);
if(watched.some(node=>node.status==="init"))continue;const live=watched.filter(node=>node.status==="ping").length;wantAttribute(
state,pingd.attribute,String(live*pingd.multiplier),pingd.dampenMs*usPerMs)}}function watchedBy(nodes,{hosts}){if(hosts.
length===0)return nodes.filter(node=>node.options.listed);return nodes.filter(node=>!node.options.listed&&hosts.includes(
node.options.name))}var writeAgainUs=usPerSecond;var settleRoundsMax=50;function stepNode(state,event){assert(event.nowUs>=state.nowUs,`time\
 runs forward: ${event.nowUs} after ${state.nowUs}`);state.nowUs=event.nowUs;state.effects=[];take2(state,event);askPingNodes(
state);if(stageOf(state)!=="left")settle(state);settleDopd(state);settlePingd(state);settleAttributes(state);sayIpfailCount(
state);publish(state);recordMarks(state);recordUnmanaged(state);tellStatusChanges(state);tellOwnMessages(state);return state.
effects}function nodeDeadline(state){const timer2=earliest(state.timers);const ping=pingDeadline(state.reach.nodes);return timer2===
void 0||ping===void 0?timer2??ping:Math.min(timer2,ping)}function take2(state,event){if(stageOf(state)==="paused"&&isFromPeer(
event))return;switch(event.type){case"boot":boot(state,event);return beginReach(state);case"timer":return timer(state);case"\
peerHeard":return peerHeard(state,event);case"peerSilent":return peerSilent(state,event);case"message":return message(state,
event);case"peerDoesNotHearUs":return peerDoesNotHearUs(state);case"ownPause":return ownPause(state,event);case"lateHear\
tbeat":return;case"linkState":return linkState(state,event);case"operationResult":return operationResult(state,event.result);case"\
hostLost":dopdHostLost(state);return hostLost(state,event.reason);case"hostReady":return hostReady(state,event.hello);case"\
guardianActed":return guardianActed(state,event.inventory);case"addressConflict":return addressConflict(state,event.conflict);case"\
outdateDone":return outdateDone(state,event);case"pingAnswer":return pingNodeAnswered(state,event);case"recordPersisted":
return recordPersisted(state,event.ok);case"rejoined":return rejoined(state,event.generation);case"command":return runCommand(
state,event);case"reconfigure":return reconfigure(state,event.settings);case"stopRequested":return stopRequested(state);default:
unreachable(event,"stepNode")}}function settle(state){for(let round=0;;round++){assert(round<settleRoundsMax,"the rules \
come to an end");const before=state.groups.map(letterOf).join("")+stageOf(state)+String(isHandingOver(state));settleClassicPeer(
state);settleMembership(state);settleResources(state);if(!isProbing(state))settleGroups(state);settleMonitoring(state);settleDisputes(
state);settleHandover(state);settleFailback(state);settleFailedClass(state);settleLegacyFailback(state);settleIpfail(state);
settleOrphanedClass(state);settleTakeoverRequest(state);settleLeaving(state);settlePaused(state);settleUnmanaged(state);
const after=state.groups.map(letterOf).join("")+stageOf(state)+String(isHandingOver(state));if(after===before)return}}function settleGroups(state){
for(const group of state.groups){const letter=letterOf(group);if(letter==="u"&&state.hostReady&&group.inFlight===void 0){
stopGroup(state,group,stageOf(state)==="leaving"||isGiving(state,group)?"offered":"stopped")}if(letter==="o")settleOffer(
state,group);if(group.marked&&letter==="r")settleMark(state,group);if(letterOf(group)!=="-"||!isReadyToStart(state,group))
continue;const evidence=evidenceFor(factsFor(state,group));if(evidence.ok)startGroup(state,group,evidence.value)}}function settleOffer(state,group){
if(stageOf(state)==="leaving"||isClassic(state)&&isGiving(state,group))return;const{peer}=state;const read=peer.presence!==
"up"||peer.fresh&&(peer.report?.ack??0)>=group.offeredAtVersion;if(read)sendToGroup(state,group,{type:"withdraw"})}function settleMark(state,group){
const{peer}=state;if(peer.presence!=="up"||!peer.fresh||peer.deafSinceUs!==void 0)return;if((peer.report?.ack??0)<group.
claimedAtVersion)return;if(!isHeld(statementOf(state,group)?.letter??"-"))group.marked=false}function message(state,event){
if(!peerMessage(state,event)||configurationMessage(state,event))return;tellMessage(state,event.message,event.from);const type=textOf(
event.message,"t");if(type==="ask_resources")handoverMessage(state,event);if(type==="hb_takeover"){const scope=mirrored(
textOf(event.message,"rsc_hold"));askStandby(state,scope,"standby",void 0,askedGroups(event.message))}clientMessage(state,
event);if(type==="addnode"||type==="delnode")noteNodeList(state,event.message);if(type==="shutdone")peerLeft(state);ipfailMessage(
state,event.message);dopdMessage(state,event.message);if(type==="status")readAttributes(state,event.message)}function mirrored(scope){
return scope==="local"?"foreign":scope==="foreign"?"local":"all"}function timer(state){for(const name of takeDue(state.timers,
state.nowUs)){if(name.startsWith("handover"))handoverTimer(state,name);else if(name==="announce"){announce(state,state.groups);
armPeriodicAnnounce(state)}else if(name==="write again"){writeRecordsAgain(state)}else if(name.startsWith("linger")){linger(
state,name)}else if(name.startsWith("retry ")){const group=state.groups.find(candidate=>candidate.configuration.key===name.
slice("retry ".length));if(group!==void 0)sendToGroup(state,group,{type:"retry"})}}}function linkState(state,event){const fields={
link:event.link,peer:event.node};state.effects.push({type:"log",level:event.up?"notice":"warning",message:{code:event.up?
"link-up":"link-dead",fields}});tellLink(state,event.node,event.link,event.up)}function recordPersisted(state,ok){if(ok){
endAlarm(state,"disk-failed");return}raiseAlarm(state,{code:"disk-failed",fields:{}});arm(state.timers,"write again",state.
nowUs+writeAgainUs)}function isFromPeer(event){return event.type==="message"||event.type==="peerHeard"||event.type==="pe\
erSilent"}var wireLimits={receivedBytes:65536,sentBytes:6e4,expandedBytes:262144,fields:64,nameBytes:128,lengthDigits:5,macTextBytes:131};var sealedStart="@@@\n";var sealedVersion=1;var saltBytes=16;var counterBytes=8;var clearBytes=2+saltBytes+counterBytes;
var tagBytes=16;var keyBytes=32;var nonceBytes=12;var comma=44;function beginSealing(hashes,entropy,incarnation){const{generation,
nowUs,wallSeconds}=incarnation;const text=new ByteBuilder().text(`pairbeat salt ${generation} ${nowUs} ${wallSeconds}`).
finish();return{salt:bytesFromHex(hashes.hmac("sha256",entropy,text).slice(0,2*saltBytes)),counter:0}}function nextNonce(sealing){
return{salt:sealing.salt,counter:++sealing.counter}}function findSealed(bytes){const length=readLength(bytes);if(length===
void 0)return failure(bytes.length<sealedStart.length+3?"truncated":"malformed");const end=length.contentStart+length.bytes;
if(bytes.length<end+1||length.bytes<clearBytes+tagBytes)return failure("truncated");if(bytes.length>end+1||bytes[end]!==
comma)return failure("malformed");if(bytes[length.contentStart]!==sealedVersion)return failure("malformed");const clear=bytes.
subarray(length.contentStart,length.contentStart+clearBytes);return success({keyIndex:clear[1],clear,sealed:bytes.subarray(
length.contentStart+clearBytes,end)})}function unsealBytes(packet,key,hashes){const salt=packet.clear.subarray(2,2+saltBytes);
const nonce=nonceOf(packet.clear.subarray(2+saltBytes));return hashes.open(key.method,deriveKey(key,salt,hashes),nonce,packet.
sealed,packet.clear)}function sealBytes(plain,key,hashes,nonce){const clear=new Uint8Array(clearBytes);clear.set([sealedVersion,
key.index]);clear.set(nonce.salt,2);new DataView(clear.buffer).setBigUint64(2+saltBytes,BigInt(nonce.counter));const counter=nonceOf(
clear.subarray(2+saltBytes));const sealed=hashes.seal(key.method,deriveKey(key,nonce.salt,hashes),counter,plain,clear);const length=clear.
length+sealed.length;return new ByteBuilder().text(`${sealedStart}${length}:`).raw(clear).raw(sealed).text(",").finish()}
function deriveKey(key,salt,hashes){const info=new ByteBuilder().text(`pairbeat sealed packet 1 ${key.method} `).raw(salt).
finish();return hashes.derive(key.secret,info,keyBytes)}function nonceOf(counter){const nonce=new Uint8Array(nonceBytes);
nonce.set(counter,nonceBytes-counterBytes);return nonce}function readLength(bytes){if(!hasMark(bytes,0,sealedStart))return void 0;
let value=0;for(let at=sealedStart.length;at<=sealedStart.length+wireLimits.lengthDigits;at++){const byte=bytes[at];if(byte===
58)return value>0?{bytes:value,contentStart:at+1}:void 0;const leadingZero=byte===48&&value===0;if(byte===void 0||byte<48||
byte>57||leadingZero)return void 0;value=value*10+byte-48}return void 0}var failuresPerSourceAndSecond=5e3;var failuresOfStrangersPerSecond=2e4;var trustUs=60*usPerSecond;var smallPacketBytes=2048;
var maximumSources=64;function createAdmission(){return{sources:new Map,strangers:{tokens:failuresOfStrangersPerSecond,refilledUs:0}}}
function isAdmitted(admission,source,packet,nowUs){const account=accountOf(admission,source,nowUs);const trusted=account.
trustedUs!==void 0&&nowUs-account.trustedUs<trustUs;if(trusted&&packet.length<=smallPacketBytes)return true;refill(account,
failuresPerSourceAndSecond,nowUs);refill(admission.strangers,failuresOfStrangersPerSecond,nowUs);const cost=costOf(packet);
return account.tokens>=cost&&(trusted||admission.strangers.tokens>=cost)}function chargeFailure(admission,source,packet,nowUs){
const account=accountOf(admission,source,nowUs);const cost=costOf(packet);account.tokens=Math.max(0,account.tokens-cost);
if(account.trustedUs===void 0)admission.strangers.tokens=Math.max(0,admission.strangers.tokens-cost)}function trustSource(admission,source,nowUs){
accountOf(admission,source,nowUs).trustedUs=nowUs}function costOf(packet){const each=hasMark(packet,0,sealedStart)?4:1;return each*
(1+Math.floor(packet.length/smallPacketBytes))}function refill(bucket,perSecond,nowUs){const elapsedUs=nowUs-bucket.refilledUs;
bucket.tokens=Math.min(perSecond,bucket.tokens+elapsedUs*perSecond/usPerSecond);bucket.refilledUs=nowUs}function accountOf(admission,source,nowUs){
const known=admission.sources.get(source);if(known!==void 0)return known;if(admission.sources.size>=maximumSources)forgetOne(
admission);const account={tokens:failuresPerSourceAndSecond,refilledUs:nowUs,trustedUs:void 0};admission.sources.set(source,
account);return account}function forgetOne(admission){for(const[source,account]of admission.sources){if(account.trustedUs!==
void 0)continue;admission.sources.delete(source);return}const[oldest]=admission.sources.keys();if(oldest!==void 0)admission.
sources.delete(oldest)}function createAccounts(){return{counters:{},logged:new Map,admission:createAdmission(),deafPeer:{generation:0,sequence:0,
atUs:void 0}}}function count(turn,name){const{counters}=turn.state.accounts;counters[name]=(counters[name]??0)+1}var logIntervalUs=60*
usPerSecond;function logLimited(turn,key,level,code,fields){const{logged}=turn.state.accounts;const previous2=logged.get(
key);if(previous2!==void 0&&turn.nowUs-previous2.lastUs<logIntervalUs){previous2.suppressed++;return}logged.set(key,{lastUs:turn.
nowUs,suppressed:0});const message2={code,fields:{...fields,suppressed:previous2?.suppressed??0}};turn.effects.push({type:"\
log",level,message:message2})}function refuse2(turn,reason,link,source=""){count(turn,reason);logLimited(turn,`packet-re\
fused/${reason}`,"warning","packet-refused",{reason,link,source})}function noteLinkHeard(turn,peer,packet){const link=peer.links.get(packet.link);if(link===void 0||packet.sequence<=link.
highestSequence)return false;link.highestSequence=packet.sequence;link.lastHeardUs=turn.nowUs;if(!link.up)changeLink(turn,
peer,link,true);return true}function linkDeadline(peer){let earliest2;for(const link of peer.links.values()){if(!link.up)
continue;const deadline=link.lastHeardUs+peer.deadtimeMs*usPerMs;if(earliest2===void 0||deadline<earliest2)earliest2=deadline}
return earliest2}function markQuietLinks(turn,peer){for(const link of peer.links.values()){if(link.up&&turn.nowUs-link.lastHeardUs>=
peer.deadtimeMs*usPerMs)changeLink(turn,peer,link,false)}}function markAllLinksDown(turn,peer){for(const link of peer.links.
values())if(link.up)changeLink(turn,peer,link,false)}function markLinkGone(turn,peer,link){if(link.up)changeLink(turn,peer,
link,false);peer.links.delete(link.link)}function forgetLinkSequences(peer){for(const link of peer.links.values())link.highestSequence=
0}function changeLink(turn,peer,link,up){link.up=up;turn.state.linkViewVersion++;turn.effects.push({type:"toNode",event:{
type:"linkState",nowUs:turn.nowUs,node:peer.name,link:link.link,up}})}var maximumMissing=250;function createSequenceWindow(last){return{last,missing:new Map}}function takeSequence(window,sequence,firstRequestUs2){
if(sequence<=window.last)return window.missing.delete(sequence)?"filled":"duplicate";const jumped=sequence-window.last-1;
if(window.missing.size+jumped>maximumMissing){window.missing.clear();window.last=sequence;return"lost-track"}for(let absent=window.
last+1;absent<sequence;absent++){window.missing.set(absent,{nextRequestUs:firstRequestUs2(),requests:0})}window.last=sequence;
return jumped===0?"next":"ahead"}function isCurrentIncarnation(turn,peer,packet){if(packet.uuid===peer.uuid&&packet.generation===peer.generation)return true;
const known=turn.state.persistedGenerations.get(packet.uuid)??0;if(packet.generation<=known)refuse2(turn,"stale-generati\
on",packet.link);else holdNewGeneration(turn,peer,packet);return false}function holdNewGeneration(turn,peer,packet){const{
pending}=peer;const isPending=pending?.uuid===packet.uuid&&pending.generation===packet.generation;count(turn,"generation\
-waiting");if(packet.type!=="status"){if(isPending)pending.refused=lowerRefused(pending.refused,packet,turn);return}if(isPending){
if(packet.sequence<=pending.held.sequence)return;pending.held=packet;pending.heardUs=turn.nowUs;logSlowDisk(turn,peer,packet);
askAgain(turn,peer,pending);return}if(pending!==void 0&&packet.generation<=pending.generation)return;const requestId=++turn.
state.lastRequestId;const{uuid,generation}=packet;const refused2={sequence:packet.sequence,atUs:turn.nowUs};const{nowUs}=turn;
peer.pending={requestId,uuid,generation,held:packet,heardUs:nowUs,refused:refused2,sinceUs:nowUs,askedUs:nowUs};turn.effects.
push({type:"persistPeerGeneration",requestId,node:peer.name,uuid,generation})}function askAgain(turn,peer,pending){if(turn.
nowUs-pending.askedUs<usPerSecond)return;pending.askedUs=turn.nowUs;const{requestId,uuid,generation}=pending;turn.effects.
push({type:"persistPeerGeneration",requestId,node:peer.name,uuid,generation})}function acceptPersistedGeneration(turn,peer,requestId){
const{pending}=peer;if(pending===void 0||pending.requestId!==requestId)return void 0;if(peer.uuid!==void 0&&peer.uuid!==
pending.uuid){logLimited(turn,"peer-uuid-changed","warning","peer-uuid-changed",{node:peer.name,from:peer.uuid,to:pending.
uuid})}peer.pending=void 0;peer.uuid=pending.uuid;peer.generation=pending.generation;rememberGeneration(turn,pending.uuid,
pending.generation);peer.heard="never";peer.accepted=false;peer.pairbeat=false;peer.keys=void 0;peer.capabilities="";peer.
probes=void 0;peer.confirmationRequired=false;peer.window=createSequenceWindow(0);peer.lastStatusSequence=0;peer.acknowledged=
0;peer.acknowledgementDue=false;peer.refused=pending.refused;forgetLinkSequences(peer);return pending.held}function lowerRefused(known,packet,turn){
if(known!==void 0&&known.sequence<=packet.sequence)return known;return{sequence:packet.sequence,atUs:turn.nowUs}}var maximumRemembered=16;
function rememberGeneration(turn,uuid,generation){const{persistedGenerations}=turn.state;persistedGenerations.delete(uuid);
persistedGenerations.set(uuid,generation);const[oldest]=persistedGenerations.keys();if(persistedGenerations.size>maximumRemembered&&
oldest!==void 0)persistedGenerations.delete(oldest)}function logSlowDisk(turn,peer,packet){const waitedMs=Math.round((turn.
nowUs-peer.pending.sinceUs)/1e3);if(waitedMs<turn.state.advertised.deadtimeMs)return;const fields={node:peer.name,generation:packet.
generation,waitedMs};logLimited(turn,"peer-generation-not-durable","error","peer-generation-not-durable",fields)}var magic=[66,90,104];var blockMark=54156738319193;var endMark=25779555029136;var blockUnitBytes=1e5;var symbolsPerSelector=50;
var longestCode=20;var runA=0;var runB=1;function bunzip2(input,limit){try{return decode(new BitReader(input),limit)}catch(error){
if(error instanceof Malformed)return void 0;throw error}}var Malformed=class extends Error{};function decode(bits,limit){
for(const byte of magic)expect(bits.read(8)===byte);const level=bits.read(8)-48;expect(level>=1&&level<=9);const output=new Output(
limit);const buffer=new Uint8Array(Math.min(level*blockUnitBytes,Math.ceil(limit*1.25)));for(let combined=0;;){const mark=bits.
read(24)*16777216+bits.read(24);if(mark===endMark){expect(bits.read32()===combined>>>0);return output.finish()}expect(mark===
blockMark);const stored=bits.read32();expect(bits.read(1)===0);output.beginBlock();writeBlock(readBlock(bits,buffer),output);
expect(output.blockChecksum()===stored);combined=(combined<<1|combined>>>31)^stored}}function readBlock(bits,bytes){const sizeMax=bytes.
length;const origin=bits.read(24);const used=readUsedBytes(bits);const tableCount=bits.read(3);expect(tableCount>=2&&tableCount<=
6);const selectors=readSelectors(bits,tableCount);const endSymbol=used.length+1;const tables=Array.from({length:tableCount},
()=>readTable(bits,endSymbol+1));let[count3,run,runWeight,symbolsRead]=[0,0,1,0];for(;;){const selector=selectors[Math.floor(
symbolsRead++/symbolsPerSelector)];expect(selector!==void 0);const symbol=readSymbol(bits,tables[selector]);if(symbol===
runA||symbol===runB){run+=runWeight*(symbol+1);runWeight*=2;expect(count3+run<=sizeMax);continue}if(run>0){bytes.fill(used[0],
count3,count3+run);count3+=run;[run,runWeight]=[0,1]}if(symbol===endSymbol)break;expect(count3<sizeMax);const[byte]=used.
splice(symbol-1,1);used.unshift(byte);bytes[count3++]=byte}expect(origin<count3);return{bytes:bytes.subarray(0,count3),origin}}
function readUsedBytes(bits){const ranges=bits.read(16);const used=[];for(let range=0;range<16;range++){if((ranges>>15-range&
1)===0)continue;const inRange=bits.read(16);for(let bit=0;bit<16;bit++)if((inRange>>15-bit&1)===1)used.push(range*16+bit)}
expect(used.length>0);return used}function readSelectors(bits,tableCount){const selectors=new Uint8Array(bits.read(15));
expect(selectors.length>0);const order=[0,1,2,3,4,5];for(let index=0;index<selectors.length;index++){let place2=0;while(bits.
read(1)===1)expect(++place2<tableCount);const[table]=order.splice(place2,1);order.unshift(table);selectors[index]=table}
return selectors}function readTable(bits,symbolCount){const lengths=[];let length=bits.read(5);for(let symbol=0;symbol<symbolCount;symbol++){
expect(length>=1&&length<=longestCode);while(bits.read(1)===1){length+=bits.read(1)===0?1:-1;expect(length>=1&&length<=longestCode)}
lengths.push(length)}const symbols=[];const[firstCode,firstPlace,counts]=[[0],[0],[0]];let code=0;for(let width=1;width<=
longestCode;width++){firstCode[width]=code;firstPlace[width]=symbols.length;for(let symbol=0;symbol<symbolCount;symbol++)
if(lengths[symbol]===width)symbols.push(symbol);counts[width]=symbols.length-firstPlace[width];code=(code+counts[width])*
2}return{symbols,firstCode,firstPlace,counts}}function readSymbol(bits,{symbols,firstCode,firstPlace,counts}){let code=0;
for(let width=1;width<=longestCode;width++){code=code*2+bits.read(1);const offset=code-firstCode[width];if(offset>=0&&offset<
counts[width])return symbols[firstPlace[width]+offset]}throw new Malformed}function writeBlock({bytes,origin},output){const next2=new Uint32Array(
bytes.length);const starts=new Uint32Array(257);for(const byte of bytes)starts[byte+1]++;for(let byte=0;byte<256;byte++)
starts[byte+1]+=starts[byte];for(let index=0;index<bytes.length;index++)next2[starts[bytes[index]]++]=index;let[at,last,
equal2]=[next2[origin],-1,0];for(let count3=0;count3<bytes.length;count3++){const byte=bytes[at];at=next2[at];if(equal2===
4){for(let repeat=0;repeat<byte;repeat++)output.write(last);[last,equal2]=[-1,0];continue}equal2=byte===last?equal2+1:1;
last=byte;output.write(byte)}}var Output=class{#limit;#bytes;#length=0;#checksum=0;constructor(limit){this.#limit=limit;
this.#bytes=new Uint8Array(Math.min(limit,4096))}beginBlock(){this.#checksum=4294967295}write(byte){expect(this.#length<
this.#limit);if(this.#length===this.#bytes.length){const larger=new Uint8Array(Math.min(this.#limit,this.#length*2));larger.
set(this.#bytes);this.#bytes=larger}this.#bytes[this.#length++]=byte;this.#checksum=this.#checksum<<8^crcTable2[this.#checksum>>>
24^byte]}blockChecksum(){return~this.#checksum>>>0}finish(){return this.#bytes.slice(0,this.#length)}};var BitReader=class{#bytes;#at=0;#held=0;#heldBits=0;constructor(bytes){
this.#bytes=bytes}read(count3){while(this.#heldBits<count3){const byte=this.#bytes[this.#at++];if(byte===void 0)throw new Malformed;
this.#held=(this.#held<<8|byte)>>>0;this.#heldBits+=8}this.#heldBits-=count3;const value=this.#held>>>this.#heldBits&2**
count3-1;this.#held&=2**this.#heldBits-1;return value}read32(){return this.read(16)*65536+this.read(16)}};function expect(condition){
if(!condition)throw new Malformed}var crcTable2=Int32Array.from({length:256},(_,byte)=>{let crc=byte<<24;for(let bit=0;bit<
8;bit++)crc=crc<0?crc<<1^79764919:crc<<1;return crc});var alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";function encodeBase64(bytes){let text="";
for(let at=0;at<bytes.length;at+=3){const first=bytes[at];const second=bytes[at+1]??0;const third=bytes[at+2]??0;text+=alphabet[first>>
2]+alphabet[(first&3)<<4|second>>4];text+=at+1<bytes.length?alphabet[(second&15)<<2|third>>6]:"=";text+=at+2<bytes.length?
alphabet[third&63]:"="}return text}function decodeBase64(text){if(text.length%4!==0)return void 0;const padding=text.endsWith(
"==")?2:text.endsWith("=")?1:0;const bytes=new Uint8Array(text.length/4*3-padding);let collected=0;let bits=0;let at=0;for(let index=0;index<
text.length-padding;index++){const value=digitOf(text.charCodeAt(index));if(value<0)return void 0;collected=(collected<<
6|value)&16777215;bits+=6;if(bits>=8){bits-=8;bytes[at++]=collected>>bits&255}}const leftOver=collected&(1<<bits)-1;return leftOver===
0?bytes:void 0}function digitOf(code){if(code>=65&&code<=90)return code-65;if(code>=97&&code<=122)return code-71;if(code>=
48&&code<=57)return code+4;if(code===43)return 62;return code===47?63:-1}var netstringStart="###\n";var netstringEnd="%%%\n";var comma2=44;var colon=58;function findNetstringSeal(bytes){if(bytes[bytes.
length-1]!==comma2)return failure("truncated");const lowest=Math.max(netstringStart.length,bytes.length-wireLimits.macTextBytes-
10);for(let at=bytes.length-netstringEnd.length;at>=lowest;at--){if(hasMark(bytes,at,netstringEnd))return readSeal(bytes,
at+netstringEnd.length)}return failure("truncated")}function readSeal(bytes,coveredEnd){const text=decodeText(bytes,coveredEnd,
bytes.length);const match=text===void 0?null:/^([1-9][0-9]{0,2}):([0-9]{1,2}) ([0-9a-f]{1,128}),$/.exec(text);if(match===
null)return failure("malformed");const[,length,index,mac]=match;if(Number(length)!==index.length+1+mac.length)return failure(
"malformed");return success({keyIndex:Number(index),mac,coveredEnd})}function encodeNetstringBody(message2){const output=new ByteBuilder().
text(netstringStart);for(const field of message2.fields){const value=field.value;const valueLength=typeof value==="strin\
g"?textLength(value):value.length;const type=typeof value==="string"?0:field.opaqueType??1;output.text(`${textLength(field.
name)+valueLength+4}:(${type})${field.name}=`);if(typeof value==="string")output.text(value);else output.raw(value);output.
text(",")}return output.text(netstringEnd).finish()}function encodeNetstringSeal(claim){const text=`${claim.keyIndex} ${claim.
mac}`;return`${text.length}:${text},`}function decodeNetstring(bytes,coveredEnd){const end=coveredEnd-netstringEnd.length;
if(!hasMark(bytes,0,netstringStart)||!hasMark(bytes,end,netstringEnd))return failure("malformed");const fields=[];let at=netstringStart.
length;while(at<end){if(fields.length===wireLimits.fields)return failure("too-many-fields");const length=readLength2(bytes,
at,end);if(length===void 0)return failure("malformed");const valueEnd=length.contentStart+length.bytes;if(valueEnd>=end||
bytes[valueEnd]!==comma2)return failure("malformed");const field=decodeField(bytes,length.contentStart,valueEnd);if(field===
void 0)return failure("malformed");fields.push(field);at=valueEnd+1}return at===end&&fields.length>0?success({fields}):failure(
"malformed")}function readLength2(bytes,start2,end){let value=0;let at=start2;while(at<end&&at-start2<wireLimits.lengthDigits&&
isDigit(bytes[at]))value=value*10+bytes[at++]-48;const leadingZero=bytes[start2]===48;if(at===start2||leadingZero||at>=end||
bytes[at]!==colon)return void 0;return{bytes:value,contentStart:at+1}}function decodeField(bytes,start2,end){if(end-start2<
5||bytes[start2]!==40||bytes[start2+2]!==41)return void 0;const type=bytes[start2+1]-48;const name=decodeName(bytes,start2+
3,end);if(name===void 0||type<0||type>5)return void 0;const valueStart=start2+4+name.length;if(type!==0){const value2=bytes.
slice(valueStart,end);return type===1?{name,value:value2}:{name,value:value2,opaqueType:type}}const value=decodeText(bytes,
valueStart,end);return value===void 0?void 0:{name,value}}function decodeName(bytes,start2,end){const last=Math.min(end,
start2+wireLimits.nameBytes+1);let name="";for(let at=start2;at<last;at++){const byte=bytes[at];if(byte===61)return name.
length>0?name:void 0;if(byte<=32||byte>126)return void 0;name+=String.fromCharCode(byte)}return void 0}function isDigit(byte){
return byte>=48&&byte<=57}var classicStart=">>>\n";var classicEnd="<<<\n";var newline=10;var newlineSubstitute="";function findClassicSeal(bytes){
const end=bytes.length-classicEnd.length;if(end<classicStart.length||!hasMark(bytes,end,classicEnd))return failure("trun\
cated");let found;let lines=0;for(let at=classicStart.length;at<end;){const lineEnd=bytes.indexOf(newline,at);if(lineEnd<
0||lineEnd>=end)return failure("malformed");if(++lines>wireLimits.fields)return failure("too-many-fields");if(hasMark(bytes,
at,"auth=")){if(found!==void 0)return failure("malformed");found={start:at,end:lineEnd+1}}at=lineEnd+1}if(found===void 0||
found.end-found.start>wireLimits.macTextBytes+6)return failure("malformed");const claim=parseAuthValue(decodeText(bytes,
found.start+5,found.end-1));if(claim===void 0)return failure("malformed");return success({...claim,covered:withoutRange(
bytes.subarray(0,end),classicStart.length,found)})}function parseAuthValue(text){const match=text===void 0?null:/^([0-9]{1,2}) ([0-9a-f]{1,128})$/.
exec(text);return match===null?void 0:{keyIndex:Number(match[1]),mac:match[2]}}function withoutRange(bytes,from,range){const rest=new Uint8Array(
bytes.length-from-(range.end-range.start));rest.set(bytes.subarray(from,range.start));rest.set(bytes.subarray(range.end),
range.start-from);return rest}function classicLines(fields){const output=new ByteBuilder;for(const field of fields){const value=field.
value;if(typeof value==="string")output.text(`${field.name}=${value.replaceAll("\n",newlineSubstitute)}
`);else output.text(`(${field.opaqueType??1})${field.name}=${encodeBase64(value)}
`)}return output.finish()}function encodeClassic(message2){return new ByteBuilder().text(classicStart).raw(classicLines(
message2.fields)).text(classicEnd).finish()}function decodeClassic(bytes){const end=bytes.length-classicEnd.length;if(!hasMark(
bytes,0,classicStart)||!hasMark(bytes,end,classicEnd))return failure("malformed");const fields=[];for(let at=classicStart.
length;at<end;){const lineEnd=bytes.indexOf(newline,at);if(lineEnd<0||lineEnd>=end)return failure("malformed");if(fields.
length===wireLimits.fields)return failure("too-many-fields");const field=decodeLine(bytes,at,lineEnd);if(field===void 0)
return failure("malformed");fields.push(field);at=lineEnd+1}return fields.length>0?success({fields}):failure("malformed")}
function decodeLine(bytes,start2,end){const binary=hasMark(bytes,start2,"(1)");if(!binary&&bytes[start2]===40)return void 0;
const nameStart=binary?start2+3:start2;const name=decodeName(bytes,nameStart,end);if(name===void 0)return void 0;const text=decodeText(
bytes,nameStart+name.length+1,end);if(text===void 0)return void 0;if(!binary)return{name,value:text.replaceAll(newlineSubstitute,
"\n")};const value=decodeBase64(text);return value===void 0?void 0:{name,value}}var payloadName="_compressed_payload";var algorithmName="_compression_algorithm";function expandMessage(message2,zlib){const algorithm=textOf(
message2,algorithmName);if(algorithm===void 0)return message2;const decompress=(bytes,limit)=>{const expanded2=algorithm===
"zlib"?zlib.decompress(bytes,limit):algorithm==="bz2"?bunzip2(bytes,limit):void 0;return expanded2?.at(-1)===0?expanded2.
subarray(0,-1):expanded2};const payload=bytesOf(message2,payloadName);if(payload===void 0)return expandFields(message2,decompress);
const text=decompress(payload,wireLimits.expandedBytes);return text===void 0?void 0:decodeText2(text)}function expandFields(message2,decompress){
const fields=[];let room=wireLimits.expandedBytes;for(const field of message2.fields){if(field.name===algorithmName)continue;
if(field.opaqueType!==4||typeof field.value==="string"){fields.push(field);continue}const value=decompress(field.value,room);
if(value===void 0)return void 0;room-=value.length;fields.push({name:field.name,value,opaqueType:2})}return{fields}}function decodeText2(text){
const isClassic2=hasMark(text,0,classicStart);const end=hasMark(text,0,netstringStart)?endOfNetstrings(text):void 0;const decoded=isClassic2?
decodeClassic(text):end===void 0?void 0:decodeNetstring(text,end);return decoded?.ok===true?decoded.value:void 0}function endOfNetstrings(text){
const mark="%%%\n";for(let at=text.length-mark.length;at>=0;at--)if(hasMark(text,at,mark))return at+mark.length;return void 0}
function compressMessage(message2,sending,zlib){if(!sending.wholeMessage||sending.algorithm!=="zlib")return message2;const text=encodeClassic(
message2);if(text.length<=sending.thresholdBytes)return message2;const payload=zlib.compress(new ByteBuilder().raw(text).
raw(new Uint8Array(1)).finish());if(payload.length>=text.length)return message2;return{fields:[{name:payloadName,value:payload},
{name:algorithmName,value:sending.algorithm}]}}function sayDeadtime(turn,deadtimeMs){const{state}=turn;const{ownDeadtime}=state;if(deadtimeMs<=ownDeadtime.deadtimeMs||
!state.started)return count2(turn,deadtimeMs);if(ownDeadtime.longer?.deadtimeMs===deadtimeMs)return;state.ownDeadtime={...ownDeadtime,
longer:{deadtimeMs,sinceSequence:void 0}}}function deadtimeWasSaid({state}){const{ownDeadtime,sequence}=state;const{longer}=ownDeadtime;
if(longer===void 0||longer.sinceSequence!==void 0)return;state.ownDeadtime={...ownDeadtime,longer:{...longer,sinceSequence:sequence}}}
function deadtimeArrived(turn,peer){const{longer}=turn.state.ownDeadtime;if(longer?.sinceSequence===void 0||peer.acknowledged<
longer.sinceSequence)return;count2(turn,longer.deadtimeMs)}function sayDeadtimeAnew({state}){const{longer}=state.ownDeadtime;
if(longer===void 0)return;state.ownDeadtime={...state.ownDeadtime,longer:{...longer,sinceSequence:void 0}}}function count2(turn,deadtimeMs){
const changed=turn.state.ownDeadtime.deadtimeMs!==deadtimeMs;turn.state.ownDeadtime={deadtimeMs,longer:void 0};if(changed)
turn.effects.push({type:"ownDeadtime",deadtimeMs})}function openPacket(bytes,authentication,hashes){if(bytes.length>wireLimits.receivedBytes)return failure("oversized");if(hasMark(
bytes,0,netstringStart))return openNetstring(bytes,authentication,hashes);if(hasMark(bytes,0,classicStart))return openClassic(
bytes,authentication,hashes);if(hasMark(bytes,0,sealedStart))return openSealed(bytes,authentication,hashes);return failure(
bytes.length<netstringStart.length?"truncated":"malformed")}function openNetstring(bytes,authentication,hashes){const seal=findNetstringSeal(
bytes);if(!seal.ok)return seal;const{keyIndex,mac,coveredEnd}=seal.value;const key=keyOf(authentication,keyIndex);if(key===
void 0)return failure("unknown-key");if(!macMatches(key,hashes,bytes.subarray(0,coveredEnd),mac))return failure("bad-mac");
const decoded=decodeNetstring(bytes,coveredEnd);return decoded.ok?success({message:decoded.value,keyIndex,format:"netstr\
ing"}):decoded}function openClassic(bytes,authentication,hashes){const seal=findClassicSeal(bytes);if(!seal.ok)return seal;
const{keyIndex,mac,covered}=seal.value;const key=keyOf(authentication,keyIndex);if(key===void 0)return failure("unknown-\
key");if(!macMatches(key,hashes,covered,mac))return failure("bad-mac");const decoded=decodeClassic(bytes);return decoded.
ok?success({message:decoded.value,keyIndex,format:"classic"}):decoded}function openSealed(bytes,authentication,hashes){const found=findSealed(
bytes);if(!found.ok)return found;const{keyIndex}=found.value;const key=keyOf(authentication,keyIndex);if(key===void 0)return failure(
"unknown-key");if(!isSealingKey(key))return failure("bad-mac");const plain=unsealBytes(found.value,key,hashes);if(plain===
void 0)return failure("bad-mac");const decoded=decodeNetstring(plain,plain.length);return decoded.ok?success({message:decoded.
value,keyIndex,format:"sealed"}):decoded}function sealPacket(message2,authentication,hashes,format,nonce){const key=keyOf(
authentication,authentication.sendIndex);if(key===void 0)return failure("no-sending-key");if(message2.fields.length>=wireLimits.
fields)return failure("message-too-large");const bytes=isSigningKey(key)?sign(message2,key,hashes,format):encrypt(message2,
key,hashes,nonce);return bytes.length>wireLimits.sentBytes?failure("message-too-large"):success(bytes)}function sign(message2,key,hashes,format){
const withAuth=format==="netstring"?message2:{fields:[...message2.fields,innerAuth(message2.fields,key,hashes)]};return format===
"classic"?encodeClassic(withAuth):sealNetstring(withAuth,key,hashes)}function encrypt(message2,key,hashes,nonce){assert(
isSealingKey(key)&&nonce!==void 0,"a sealed packet has a nonce");return sealBytes(encodeNetstringBody(message2),key,hashes,
nonce)}function sealNetstring(message2,key,hashes){const body=encodeNetstringBody(message2);const seal=encodeNetstringSeal(
{keyIndex:key.index,mac:computeMac(key,hashes,body)});return new ByteBuilder().raw(body).text(seal).finish()}function innerAuth(fields,key,hashes){
return{name:"auth",value:`${key.index} ${computeMac(key,hashes,classicLines(fields))}`}}function readHeader(link,{message:message2,keyIndex}){const type=textOf(message2,"t");const node=textOf(message2,"src")?.
toLowerCase();const uuid=bytesOf(message2,"srcuuid");const generation=parseHexNumber(textOf(message2,"hg"));const timestamp=parseHexNumber(
textOf(message2,"ts"));if(!type||!node||uuid?.length!==16||!generation||!timestamp)return void 0;const sequence=isTransportType(
type)?0:parseHexNumber(textOf(message2,"seq"));if(sequence===void 0||sequence===0&&!isTransportType(type))return void 0;
const forPairbeat=readPairbeatFields(message2);if(forPairbeat===null)return void 0;return{link,message:message2,keyIndex,
type,node,uuid:hexOf(uuid),generation,sequence,forPairbeat}}function isTransportType(type){return type.startsWith("NS_")}
function readPairbeatFields(message2){if(textOf(message2,"pbver")===void 0)return void 0;const acceptedGeneration=parseHexNumber(
textOf(message2,"pbto"));return acceptedGeneration===void 0?null:{acceptedGeneration}}var fingerprintDigits=12;var keysMax=16;function encodeKeyStatement({sendIndex,keys},binding,hashes){const stated=keys.map(
key=>`${key.index}:${key.method}:${fingerprintOf(key,binding,hashes)}`);return[String(sendIndex),...stated].join(" ")}function decodeKeyStatement(text){
const[first="",...words]=text.split(" ");const accepts=[];for(const word of words){const match=/^(\d{1,2}):([a-z0-9]{1,32}):([0-9a-f]{12})$/.
exec(word);if(match===null||accepts.length===keysMax)return void 0;accepts.push({index:Number(match[1]),method:match[2],
fingerprint:match[3]})}return/^\d{1,2}$/.test(first)&&accepts.length>0?{signsWith:Number(first),accepts}:void 0}function fingerprintOf(key,binding,hashes){
const{uuid,generation,receiverGeneration}=binding;const bound=`pairbeat key ${key.index} ${key.method} ${uuid} ${generation}\
 ${receiverGeneration}`;return hashes.hmac("sha256",key.secret,new ByteBuilder().text(bound).finish()).slice(0,fingerprintDigits)}function noteKeysOf(peer,packet){peer.signsWith=packet.keyIndex;const text=textOf(packet.message,"pbkeys");if(text===void 0||
text===peer.keys?.text)return;const statement=decodeKeyStatement(text);if(statement===void 0)return;const{uuid,generation,
forPairbeat}=packet;const receiverGeneration=forPairbeat?.acceptedGeneration??0;peer.keys={text,statement,binding:{uuid,
generation,receiverGeneration}}}var heartbeatMethods=["sha1","md5","crc"];function cannotReadUs({peer,authentication}){const isHeartbeat=peer?.accepted===
true&&!peer.pairbeat;return isHeartbeat&&!heartbeatMethods.includes(keyOf(authentication,authentication.sendIndex)?.method??
"")}function ownKeyStatement(state){const{authentication,generation,options,peer}=state;const receiverGeneration=peer?.accepted?
peer.generation:0;const said=state.keysSaid;if(said?.authentication===authentication&&said.generation===generation&&said.
receiverGeneration===receiverGeneration){return said.text}const binding={uuid:options.localUuid,generation,receiverGeneration};
const text=encodeKeyStatement(authentication,binding,options.hashes);state.keysSaid={authentication,generation,receiverGeneration,
text};return text}var sealedFrameStart=">>>\npbsealed=";var frameEnd="\n<<<\n";function frameForSerial(packet){if(!hasMark(packet,0,sealedStart))
return packet;return new ByteBuilder().text(sealedFrameStart).text(encodeBase64(packet)).text(frameEnd).finish()}function createRandom(seed){const state={a:seed|0,b:seed^2654435769|0,c:608135816,counter:1};for(let round=0;round<15;round++)
nextUint32(state);return state}function nextUint32(state){const sum=(state.a+state.b|0)+state.counter|0;state.counter=state.
counter+1|0;state.a=state.b^state.b>>>9;state.b=state.c+(state.c<<3)|0;state.c=state.c<<21|state.c>>>11;state.c=state.c+
sum|0;return sum>>>0}function randomBetween(state,low,high){return low+nextUint32(state)%(high-low+1)}var historyLength=500;function createTransport(options){const random=createRandom(options.seed);const persisted=new Map;
for(const{uuid,generation}of options.persistedPeers){persisted.set(uuid,Math.max(generation,persisted.get(uuid)??0))}return{
options,localUuid:bytesFromHex(options.localUuid),authentication:options.authentication,keysSaid:void 0,generation:options.
generation,firstGeneration:options.generation,started:false,paused:false,nowUs:0,sequence:0,sealing:beginSealing(options.
hashes,options.entropy,{generation:options.generation,nowUs:0,wallSeconds:options.wallSeconds}),advertised:{status:"init",
deadtimeMs:options.timing.deadtimeMs,fields:[]},ownDeadtime:{deadtimeMs:options.timing.deadtimeMs,longer:void 0},environment:{
wallSeconds:options.wallSeconds,loadAverage:options.loadAverage},startedUs:0,lastKeepaliveUs:0,nextKeepaliveUs:0,history:new Array(
historyLength).fill(void 0),peer:options.peer===void 0?void 0:createPeer(options,options.peer,persisted),persistedGenerations:persisted,
linkTest:void 0,drain:void 0,lastToken:0,lastRequestId:0,linkViewVersion:0,acknowledgedDigit:nextUint32(random)%10,random,
accounts:createAccounts()}}function createPeer(options,name,persisted){const record=options.persistedPeers.findLast(({node})=>node===
name);return{name,heard:"never",uuid:record?.uuid,generation:record===void 0?0:persisted.get(record.uuid),accepted:false,
confirmationRequired:record!==void 0,pairbeat:false,signsWith:void 0,keys:void 0,capabilities:"",status:"unknown",deadtimeMs:options.
timing.deadtimeMs,lastStatusUs:0,lastStatusSequence:0,window:createSequenceWindow(0),refused:void 0,acknowledgementDue:false,
probes:void 0,acknowledged:0,links:new Map(options.links.map(link=>[link,{link,up:false,lastHeardUs:0,highestSequence:0}])),
pending:void 0}}function sendKeepalive(turn){const{state}=turn;const{status,deadtimeMs,fields}=state.advertised;const own=[{name:"t",value:"\
status"},{name:"st",value:status},{name:"dt",value:deadtimeMs.toString(16)},{name:"protocol",value:"1"}];const extra=withoutStamped(
fields).filter(({name})=>!statusNames.has(name));const keys={name:"pbkeys",value:ownKeyStatement(state)};const sent=sendNumbered(
turn,[...own,...extra,...pairbeatFields(turn),keys])||sendNumbered(turn,[...own,...pairbeatFields(turn),keys]);if(!sent)
return;state.lastKeepaliveUs=turn.nowUs;deadtimeWasSaid(turn);count(turn,"keepalives");turn.effects.push({type:"keepaliv\
eSent",sentUs:turn.nowUs})}function sendDueKeepalive(turn){const{state}=turn;if(turn.nowUs<state.nextKeepaliveUs)return;
const intervalUs=keepaliveIntervalUs(state);const missed=Math.floor((turn.nowUs-state.nextKeepaliveUs)/intervalUs);state.
nextKeepaliveUs+=(missed+1)*intervalUs;sendKeepalive(turn)}function keepaliveIntervalUs({options,ownDeadtime}){const{keepaliveMs,
deadtimeMs}=options.timing;const mostMs=ownDeadtime.deadtimeMs<deadtimeMs?Math.floor(ownDeadtime.deadtimeMs/3):keepaliveMs;
return Math.max(1,Math.min(keepaliveMs,mostMs))*usPerMs}function sendMessage(turn,message2,dest){const[first,...rest]=message2.
fields;const type=first?.name==="t"&&typeof first.value==="string"?first.value:void 0;if(type===void 0||type==="status"||
isTransportType(type)){notSent(turn,type??"","not-a-message-of-the-node");return}const addressed=dest===void 0?[]:[{name:"\
dest",value:dest}];sendNumbered(turn,[first,...addressed,...withoutStamped(rest),...pairbeatFields(turn),...destUuid(turn,
dest)])}function sendControl(turn,type,dest,fields,links=turn.state.options.links){const own=[{name:"t",value:type},{name:"\
dest",value:dest},...fields,...pairbeatFields(turn),...destUuid(turn,dest)];transmit(turn,{fields:[...own,...stamp(turn,
void 0)]},links)}function transmit(turn,plain,links=turn.state.options.links){const{state}=turn;const message2=compressed(
turn,plain);const sealed=sealPacket(message2,state.authentication,state.options.hashes,formatFor(state),nextNonce(state.
sealing));if(!sealed.ok){notSent(turn,textOf(plain,"t")??"",sealed.problem.code);return false}const serial=links.filter(
link=>state.options.serialLinks?.includes(link));for(const link of links){if(!serial.includes(link))turn.effects.push({type:"\
transmit",link,bytes:sealed.value})}if(serial.length>0)transmitSerially(turn,message2,sealed.value,serial);count(turn,"t\
ransmitted");return true}function compressed({state},message2){const{options,peer}=state;const{compression,zlib}=options;
if(compression===void 0||zlib===void 0||peer?.accepted!==true)return message2;const reads=!peer.pairbeat||peer.capabilities.
split(",").includes(compression.algorithm);return reads?compressMessage(message2,compression,zlib):message2}function transmitSerially(turn,message2,packet,links){
const{authentication,options}=turn.state;const isSealed2=hasMark(packet,0,sealedStart);const said=isSealed2?success(packet):
sealPacket(message2,authentication,options.hashes,"classic");if(!said.ok)return;for(const link of links)turn.effects.push(
{type:"transmit",link,bytes:frameForSerial(said.value)})}function formatFor({peer,authentication,options}){const isHeartbeat=peer?.
accepted===true&&!peer.pairbeat;if(isHeartbeat&&peer.signsWith!==void 0&&peer.signsWith!==authentication.sendIndex)return"\
classic";return options.messageFormat==="classic"?"netstring-with-auth":"netstring"}function notSent(turn,messageType,reason){
count(turn,"not-sent");logLimited(turn,"message-not-sent","error","message-not-sent",{messageType,reason})}function sendNumbered(turn,own){
const{state}=turn;const sequence=state.sequence+1;const message2={fields:[...own,...stamp(turn,sequence)]};if(!transmit(
turn,message2))return false;state.sequence=sequence;state.history[sequence%historyLength]={sequence,message:message2,resentUs:void 0};
return true}function stamp(turn,sequence){const{options,environment,generation,localUuid}=turn.state;const nodes=(options.
peer===void 0?1:2)+(options.pingNodes??0);const fields=[{name:"src",value:options.localNode},{name:"srcuuid",value:localUuid}];
if(sequence!==void 0)fields.push({name:"seq",value:sequence.toString(16)});fields.push({name:"hg",value:generation.toString(
16)},{name:"ts",value:Math.max(1,environment.wallSeconds).toString(16)});if(sequence!==void 0)fields.push({name:"ld",value:environment.
loadAverage});fields.push({name:"ttl",value:String(nodes+options.hopfudge)});return fields}function pairbeatFields(turn){
const{options,peer}=turn.state;const accepted=peer?.accepted?peer.generation:0;const seen={never:"init",up:"up",silent:"\
dead"}[peer?.heard??"never"];const fields=[{name:"pbver",value:"1"}];if(options.capabilities.length>0)fields.push({name:"\
pbcaps",value:options.capabilities.join(",")});fields.push({name:"pbto",value:accepted.toString(16)},{name:"pbsees",value:seen});
return fields}function destUuid(turn,dest){const{peer}=turn.state;const known=dest!==void 0&&peer?.name===dest&&peer.accepted?
peer.uuid:void 0;return known===void 0?[]:[{name:"destuuid",value:bytesFromHex(known)}]}var stampedNames=new Set(["t","d\
est","destuuid","src","srcuuid","seq","hg","ts","ld","ttl","auth","pbver","pbcaps","pbto","pbsees","pbkeys"]);var statusNames=new Set(
["st","dt","protocol"]);function withoutStamped(fields){return fields.filter(({name})=>!stampedNames.has(name))}var probeEveryUs=100*usPerMs;var longestTestUs=120*usPerSecond;var linkNameMax=200;var linksMax=64;function beginLinkTest(turn,durationMs){
const{state,nowUs}=turn;const{peer,options}=state;if(peer===void 0)return;const untilUs=nowUs+Math.min(durationMs*usPerMs,
longestTestUs);const fresh=()=>({nextProbeUs:nowUs,sentUs:[],roundTripsUs:[],answered:new Set,reached:void 0,heard:0});state.
linkTest={id:`${state.generation.toString(16)}.${nowUs}`,beganUs:nowUs,untilUs,sequenceAtStart:peer.window.last,peerGeneration:peer.
generation,links:new Map(options.links.map(link=>[link,fresh()]))}}function answersProbes(peer){return peer?.heard==="up"&&
peer.capabilities.split(",").includes("probe")}function nextProbeUs({linkTest,peer}){if(linkTest===void 0||!answersProbes(
peer))return void 0;let earliest2;for(const{nextProbeUs:due}of linkTest.links.values()){if(due<linkTest.untilUs&&(earliest2===
void 0||due<earliest2))earliest2=due}return earliest2}function sendDueProbes(turn){const{state,nowUs}=turn;const{linkTest,
peer,options}=state;if(linkTest===void 0||peer===void 0||!answersProbes(peer))return;for(const[link,probed]of linkTest.links){
if(probed.nextProbeUs>nowUs||probed.nextProbeUs>=linkTest.untilUs)continue;const isSerial=options.serialLinks?.includes(
link)===true;probed.nextProbeUs=nowUs+(isSerial?2*options.timing.keepaliveMs*usPerMs:probeEveryUs);const number=probed.sentUs.
push(nowUs)-1;sendControl(turn,"NS_pbprobe",peer.name,probeFields(linkTest.id,link,number),[link])}}function probeFields(id,link,number){
return[{name:"probe",value:id},{name:"link",value:link},{name:"number",value:String(number)}]}function answerProbe(turn,peer,packet){
const id=textOf(packet.message,"probe")??"";const link=textOf(packet.message,"link")??"";const number=parseDecimalNumber(
textOf(packet.message,"number"));if(id===""||id.length>40||link===""||link.length>linkNameMax||number===void 0)return;if(!turn.
state.options.links.includes(packet.link))return;const known=peer.probes?.id===id?peer.probes:void 0;const probes=known??
{id,links:new Map};peer.probes=probes;const counted=probes.links.get(link)??{got:0,last:-1};if(number<=counted.last||!probes.
links.has(link)&&probes.links.size===linksMax)return;probes.links.set(link,{got:counted.got+1,last:number});const got=[...probes.
links].map(([name,count3])=>`${count3.got}:${name}`).join(" ");sendControl(turn,"NS_pbecho",peer.name,[...probeFields(id,
link,number),{name:"got",value:got}],[packet.link])}function noteEcho(turn,packet){const{linkTest}=turn.state;if(linkTest===
void 0||textOf(packet.message,"probe")!==linkTest.id)return;noteReached(linkTest,textOf(packet.message,"got")??"");const probed=linkTest.
links.get(textOf(packet.message,"link")??"");const number=parseDecimalNumber(textOf(packet.message,"number"));const sentUs=number===
void 0?void 0:probed?.sentUs[number];if(probed===void 0||sentUs===void 0||probed.answered.has(number))return;probed.answered.
add(number);probed.roundTripsUs.push(turn.nowUs-sentUs)}function noteReached({links},got){for(const word of got.split(" ")){
const colon2=word.indexOf(":");const count3=parseDecimalNumber(word.slice(0,Math.max(colon2,0)));const probed=links.get(
word.slice(colon2+1));if(count3===void 0||probed===void 0)continue;probed.reached=Math.min(Math.max(count3,probed.reached??
0),probed.sentUs.length)}}function noteHeardInTest({linkTest},link){const probed=linkTest?.links.get(link);if(probed!==void 0)
probed.heard+=1}function isMeantForUs(turn,peer,packet){const said=packet.forPairbeat?.acceptedGeneration;if(said===void 0||said===0||said===
turn.state.generation)return true;refuse2(turn,"stale-incarnation",packet.link);noteUseless(turn,peer,packet);return false}
function isFresh2(turn,peer,packet){if(packet.forPairbeat===void 0){if(!peer.pairbeat)return true;refuse2(turn,"stale-in\
carnation",packet.link);return false}if(packet.forPairbeat.acceptedGeneration===turn.state.generation)return true;if(packet.
type==="status"&&!peer.confirmationRequired)return true;refuse2(turn,"unconfirmed",packet.link);noteUseless(turn,peer,packet);
return false}function noteUseless(turn,peer,packet){if(packet.type==="status")noteDeafPeer(turn,peer,packet);if(packet.uuid===
peer.uuid&&packet.generation===peer.generation)peer.window.missing.delete(packet.sequence)}function noteDeafPeer(turn,peer,{
generation,sequence}){const{state}=turn;const{deafPeer}=state.accounts;const isNews=generation>deafPeer.generation||generation===
deafPeer.generation&&sequence>deafPeer.sequence;if(!isNews)return;state.accounts.deafPeer={generation,sequence,atUs:turn.
nowUs};turn.effects.push({type:"toNode",event:{type:"peerDoesNotHearUs",nowUs:turn.nowUs,node:peer.name}});if(turn.nowUs-
state.startedUs<state.advertised.deadtimeMs*1e3)return;logLimited(turn,"peer-does-not-hear-us","error","peer-does-not-he\
ar-us",{node:peer.name})}function identifySender(turn,packet){const{options,peer}=turn.state;if(packet.node===options.localNode||packet.uuid===options.
localUuid){noteOwnName(turn,packet);return void 0}if(peer!==void 0&&packet.node===peer.name)return peer;count(turn,"unkn\
own-node");const node=packet.node.replaceAll(/[^\x21-\x7e]/g,"?").slice(0,100);logLimited(turn,"unknown-node","warning",
"unknown-node",{node,link:packet.link});return void 0}function noteOwnName(turn,packet){const{state}=turn;if(isReflection(
turn,packet)){count(turn,"reflection");return}count(turn,"cloned-machine");logLimited(turn,"cloned-machine","critical","\
cloned-machine",{link:packet.link,sameName:packet.node===state.options.localNode,sameUuid:packet.uuid===state.options.localUuid,
generation:packet.generation,ownGeneration:state.generation})}function isReflection(turn,packet){const{options,generation,
firstGeneration,sequence}=turn.state;if(packet.node!==options.localNode||packet.uuid!==options.localUuid)return false;if(packet.
generation<firstGeneration||packet.generation>generation)return false;return packet.generation<generation||packet.sequence<=
sequence}var repeatUs={pairbeat:50*usPerMs,heartbeat:250*usPerMs};var resendPauseUs={pairbeat:25*usPerMs,heartbeat:240*usPerMs};var maximumRequests={
pairbeat:40,heartbeat:20};var maximumPerRequest=50;function firstRequestUs(turn,peer){const{random,options}=turn.state;const delayMs=peer.
pairbeat?randomBetween(random,5,10):randomBetween(random,50,Math.max(50,options.maxRexmitDelayMs));return turn.nowUs+delayMs*
usPerMs}function nextRequestUs(peer){let earliest2;if(peer.heard!=="up")return void 0;for(const{nextRequestUs:due}of peer.
window.missing.values()){if(earliest2===void 0||due<earliest2)earliest2=due}return earliest2}function requestMissing(turn,peer){
if(peer.heard!=="up")return;let first=0;let last=-1;for(const sequence of dueSequences(turn,peer)){if(sequence===last+1&&
sequence-first<maximumPerRequest){last=sequence;continue}if(last>=0)sendRequest(turn,peer,first,last);first=sequence;last=
sequence}if(last>=0)sendRequest(turn,peer,first,last)}function dueSequences(turn,peer){const due=[];for(const[sequence,missing]of peer.
window.missing){if(missing.nextRequestUs>turn.nowUs)continue;if(missing.requests===maximumRequests[peer.pairbeat?"pairbe\
at":"heartbeat"]){peer.window.missing.delete(sequence);count(turn,"given-up");continue}missing.requests++;missing.nextRequestUs=
turn.nowUs+repeatUs[peer.pairbeat?"pairbeat":"heartbeat"];due.push(sequence)}return due.sort((left,right)=>left-right)}function sendRequest(turn,peer,first,last){
count(turn,"retransmit-requests");sendControl(turn,"NS_rexmit",peer.name,[{name:"firstseq",value:String(first)},{name:"l\
astseq",value:String(last)}])}function acknowledge(turn,peer,sequence){if(sequence%10===turn.state.acknowledgedDigit)peer.
acknowledgementDue=true;if(!peer.acknowledgementDue||peer.window.missing.size>0)return;peer.acknowledgementDue=false;count(
turn,"acknowledgements");sendControl(turn,"NS_ackmsg",peer.name,[{name:"ackseq",value:peer.window.last.toString(16)}])}function receiveControl(turn,peer,packet){
const{message:message2,type}=packet;if(type==="NS_rexmit")resend(turn,peer,packet);if(type==="NS_pbprobe")answerProbe(turn,
peer,packet);if(type==="NS_pbecho")noteEcho(turn,packet);if(type==="NS_ackmsg"){const sequence=parseHexNumber(textOf(message2,
"ackseq"))??0;if(sequence<=turn.state.sequence)peer.acknowledged=Math.max(peer.acknowledged,sequence);deadtimeArrived(turn,
peer)}if(type==="NS_nak_rexmit")peer.window.missing.delete(parseHexNumber(textOf(message2,"firstseq"))??0)}function resend(turn,peer,packet){
const first=parseDecimalNumber(textOf(packet.message,"firstseq"));const last=parseDecimalNumber(textOf(packet.message,"l\
astseq"));if(first===void 0||last===void 0)return;const pauseUs=resendPauseUs[peer.pairbeat?"pairbeat":"heartbeat"];const from=Math.
max(first,peer.acknowledged+1);const to=Math.min(last,first+maximumPerRequest-1);for(let sequence=from;sequence<=to;sequence++){
const sent=turn.state.history[sequence%historyLength];if(sent?.sequence!==sequence||turn.nowUs-(sent.resentUs??Number.NEGATIVE_INFINITY)<
pauseUs)continue;sent.resentUs=turn.nowUs;if(transmit(turn,peer.pairbeat?sent.message:asItIsNow(turn,sent)))count(turn,"\
retransmitted")}}function asItIsNow(turn,{sequence,message:message2}){if(textOf(message2,"t")!=="resource")return message2;
let newest={sequence,message:message2,resentUs:void 0};for(const sent of turn.state.history){if(sent!==void 0&&sent.sequence>
newest.sequence&&textOf(sent.message,"t")==="resource")newest=sent}const numbered=field=>field.name==="seq"?{...field,value:sequence.
toString(16)}:field;return{fields:newest.message.fields.map(numbered)}}function receiveDatagram(turn,link,bytes,source){const{state}=turn;const{admission}=state.accounts;count(turn,"received");
if(!isAdmitted(admission,source,bytes,turn.nowUs)){refuse2(turn,"rate-limited",link,source);return}const opened=openPacket(
bytes,state.authentication,state.options.hashes);if(!opened.ok){chargeFailure(admission,source,bytes,turn.nowUs);refuse2(
turn,opened.problem.code,link,source);return}trustSource(admission,source,turn.nowUs);const message2=expanded(turn,opened.
value.message);const packet=message2===void 0?void 0:readHeader(link,{...opened.value,message:message2});if(packet===void 0){
refuse2(turn,"malformed",link,source);return}const peer=identifySender(turn,packet);if(peer===void 0||!isMeantForUs(turn,
peer,packet)||!isCurrentIncarnation(turn,peer,packet))return;receivePacket(turn,peer,packet)}function expanded({state},message2){
const{zlib}=state.options;return zlib===void 0?message2:expandMessage(message2,zlib)}function receivePacket(turn,peer,packet){
if(!isFresh2(turn,peer,packet))return;if(isTransportType(packet.type)){if(peer.heard==="up"&&isAddressedToUs(turn,packet))
receiveControl(turn,peer,packet);return}if(peer.heard!=="up"&&!becomeHeard(turn,peer,packet))return;const newsOnLink=noteLinkHeard(
turn,peer,packet);if(newsOnLink)noteHeardInTest(turn.state,packet.link);const verdict=takeSequence(peer.window,packet.sequence,
()=>firstRequestUs(turn,peer));if(verdict==="duplicate"){if(newsOnLink)count(turn,"duplicate");else refuse2(turn,"replay",
packet.link);return}if(verdict==="lost-track"){count(turn,"lost-track");logLimited(turn,"lost-track","warning","messages\
-lost",{node:peer.name})}count(turn,"accepted");acknowledge(turn,peer,packet.sequence);if(packet.type==="status"&&!takeStatus(
turn,peer,packet))return;if(isAddressedToUs(turn,packet))deliver(turn,peer,packet)}function deliver(turn,peer,{message:message2,
generation}){const{nowUs,state}=turn;const{linkViewVersion}=state;turn.effects.push({type:"toNode",event:{type:"message",
nowUs,from:peer.name,generation,message:message2,linkViewVersion}})}function isAddressedToUs(turn,{message:message2}){const{
options}=turn.state;const uuid=bytesOf(message2,"destuuid");if(uuid?.some(byte=>byte!==0))return hexOf(uuid)===options.localUuid;
const dest=textOf(message2,"dest");return dest===void 0||dest.toLowerCase()===options.localNode}function becomeHeard(turn,peer,packet){
if(packet.sequence<=peer.window.last){refuse2(turn,"replay",packet.link);return false}if(packet.type!=="status"){count(turn,
"unheard");peer.refused=lowerRefused(recent(turn,peer.refused),packet,turn);return false}const returning=peer.heard==="s\
ilent";const first=Math.min(recent(turn,peer.refused)?.sequence??packet.sequence,packet.sequence);peer.window.last=Math.
max(peer.window.last,first-1);peer.window.missing.clear();peer.refused=void 0;peer.heard="up";peer.accepted=true;peer.confirmationRequired=
false;peer.pairbeat=packet.forPairbeat!==void 0;peer.signsWith=packet.keyIndex;turn.state.accounts.deafPeer={...turn.state.
accounts.deafPeer,atUs:void 0};peer.lastStatusUs=turn.nowUs;turn.state.linkViewVersion++;announcePeer(turn,peer,returning);
return true}function announcePeer(turn,peer,returning){const{nowUs,state}=turn;sendKeepalive(turn);const{generation,name:node}=peer;
const uuid=peer.uuid;const{linkViewVersion}=state;turn.effects.push({type:"toNode",event:{type:"peerHeard",nowUs,node,uuid,
generation,returning,linkViewVersion}})}function recent(turn,refused2){return refused2!==void 0&&turn.nowUs-refused2.atUs<=
2*usPerSecond?refused2:void 0}var longestDeadtimeMs=24*60*60*1e3;function takeStatus(turn,peer,packet){if(packet.sequence<=
peer.lastStatusSequence){count(turn,"superseded");return false}noteInterval(turn,peer);peer.lastStatusSequence=packet.sequence;
peer.lastStatusUs=turn.nowUs;peer.status=textOf(packet.message,"st")??"unknown";const deadtimeMs=parseHexNumber(textOf(packet.
message,"dt"));if(deadtimeMs!==void 0&&deadtimeMs>0)peer.deadtimeMs=Math.min(deadtimeMs,longestDeadtimeMs);if(packet.forPairbeat!==
void 0)peer.pairbeat=true;noteKeysOf(peer,packet);if(cannotReadUs(turn.state)){const{method}=keyOf(turn.state.authentication,
turn.state.authentication.sendIndex);logLimited(turn,"peer-cannot-read-us","error","peer-cannot-read-us",{node:peer.name,
method})}peer.capabilities=textOf(packet.message,"pbcaps")??"";return true}function noteInterval(turn,peer){const{nowUs,
state}=turn;const intervalUs=nowUs-peer.lastStatusUs;if(intervalUs<=state.options.timing.warntimeMs*usPerMs)return;const intervalMs=Math.
round(intervalUs/usPerMs);logLimited(turn,"late-heartbeat","warning","late-heartbeat",{node:peer.name,intervalMs});turn.
effects.push({type:"toNode",event:{type:"lateHeartbeat",nowUs,node:peer.name,intervalMs}})}function reconfigure2(turn,settings){const{state}=turn;state.options={...state.options,...settings};const{deadtimeMs}=settings.
timing;if(state.started)state.nextKeepaliveUs=Math.min(state.nextKeepaliveUs,turn.nowUs+keepaliveIntervalUs(state));else
sayDeadtime(turn,deadtimeMs);if(!state.started)state.advertised={...state.advertised,deadtimeMs};const{peer}=state;if(peer===
void 0)return;if(peer.heard==="never")peer.deadtimeMs=deadtimeMs;changeLinks(turn,peer,settings.links)}function changeLinks(turn,peer,links){
for(const link of[...peer.links.values()])if(!links.includes(link.link))markLinkGone(turn,peer,link);for(const link of links)
if(!peer.links.has(link))peer.links.set(link,{link,up:false,lastHeardUs:0,highestSequence:0})}var drainRepeatUs=usPerSecond;function silenceDeadline(turn){const{peer,drain}=turn.state;if(peer===void 0)return void 0;
const quiet=earlier(peerDeadline(peer),linkDeadline(peer));if(quiet===void 0||drain===void 0)return quiet;return Math.max(
quiet,drain.askedUs+drainRepeatUs)}function askForDrain(turn){const{state}=turn;const deadline=silenceDeadline(turn);if(deadline===
void 0||turn.nowUs<deadline)return;state.drain={token:++state.lastToken,askedUs:turn.nowUs};turn.effects.push({type:"dra\
inSockets",token:state.drain.token})}function judgeAfterDrain(turn,token){const{state}=turn;const{peer}=state;if(peer===
void 0||state.drain?.token!==token)return;state.drain=void 0;markQuietLinks(turn,peer);const deadline=peerDeadline(peer);
if(deadline!==void 0&&turn.nowUs>=deadline)declareSilent(turn,peer)}function declareSilent(turn,peer){markAllLinksDown(turn,
peer);peer.heard="silent";peer.window.missing.clear();turn.state.linkViewVersion++;turn.effects.push({type:"toNode",event:{
type:"peerSilent",nowUs:turn.nowUs,node:peer.name,lastHeardUs:peer.lastStatusUs,deadtimeMs:peer.deadtimeMs,linkViewVersion:turn.
state.linkViewVersion}})}function peerDeadline(peer){if(peer.heard!=="up")return void 0;const heardUs=Math.max(peer.lastStatusUs,
peer.pending?.heardUs??0);return heardUs+peer.deadtimeMs*usPerMs}function earlier(left,right){if(left===void 0||right===
void 0)return left??right;return Math.min(left,right)}function step2(state,event){const turn=beginTurn(state,event);switch(event.type){case"start":start(turn);break;case"envi\
ronment":state.environment={wallSeconds:event.wallSeconds,loadAverage:event.loadAverage};break;case"rejoin":rejoin(turn,
event.generation);break;case"linkProblem":case"linkRecovered":break;case"advertise":advertise2(turn,event);break;case"re\
configure":reconfigure2(turn,event.settings);break;case"keysChanged":state.authentication=event.authentication;break;case"\
linkTest":if(isAwake(turn))beginLinkTest(turn,event.durationMs);break;case"send":if(isAwake(turn))sendMessage(turn,event.
message,event.dest);break;case"datagram":if(isAwake(turn))receiveDatagram(turn,event.link,event.bytes,event.source);break;case"\
timer":if(isAwake(turn))runTimers(turn);break;case"socketsDrained":if(isAwake(turn))judgeAfterDrain(turn,event.token);break;case"\
peerGenerationPersisted":if(isAwake(turn))receiveHeldStatus(turn,event.requestId);break;default:unreachable(event,"trans\
port event")}return turn.effects}function transportDeadline(state){if(!state.started||state.paused)return void 0;let deadline=state.
nextKeepaliveUs;const silence=silenceDeadline({state});if(silence!==void 0&&silence<deadline)deadline=silence;const probe=nextProbeUs(
state);if(probe!==void 0&&probe<deadline)deadline=probe;const request=state.peer===void 0?void 0:nextRequestUs(state.peer);
return request!==void 0&&request<deadline?request:deadline}function beginTurn(state,event){if("nowUs"in event&&event.nowUs>
state.nowUs)state.nowUs=event.nowUs;return{state,nowUs:state.nowUs,effects:[]}}function isAwake(turn){const{state}=turn;
if(!state.started)return false;if(hasSlept(state,turn.nowUs))fallAsleep(turn);if(state.paused)count(turn,"while-paused");
return!state.paused}function hasSlept(state,nowUs){if(!state.started||state.paused)return false;return nowUs-state.lastKeepaliveUs>
state.ownDeadtime.deadtimeMs*usPerMs}function fallAsleep(turn){const{state,nowUs}=turn;const gapUs=nowUs-state.lastKeepaliveUs;
state.paused=true;state.drain=void 0;turn.effects.push({type:"toNode",event:{type:"ownPause",nowUs,gapUs}})}function advertise2(turn,event){
const awake=isAwake(turn);sayDeadtime(turn,event.deadtimeMs);turn.state.advertised={status:event.status,deadtimeMs:event.
deadtimeMs,fields:event.fields};if(awake&&event.immediately)sendKeepalive(turn)}function start(turn){const{state,nowUs}=turn;
if(state.started)return;state.started=true;state.startedUs=nowUs;beginKeepalives(turn)}function rejoin(turn,generation){
const{state,nowUs}=turn;state.generation=generation;state.paused=false;state.sequence=0;const{wallSeconds}=state.environment;
state.sealing=beginSealing(state.options.hashes,state.options.entropy,{generation,nowUs,wallSeconds});sayDeadtimeAnew(turn);
state.history=new Array(historyLength).fill(void 0);state.drain=void 0;state.startedUs=nowUs;const{peer}=state;if(peer!==
void 0){markAllLinksDown(turn,peer);peer.heard="never";peer.confirmationRequired=peer.confirmationRequired||peer.accepted;
peer.accepted=false;peer.pending=void 0;peer.refused=void 0;peer.acknowledged=0;peer.acknowledgementDue=false;peer.window.
missing.clear();state.linkViewVersion++}if(state.started)beginKeepalives(turn)}function beginKeepalives(turn){const{state,
nowUs}=turn;state.nextKeepaliveUs=nowUs+state.options.timing.keepaliveMs*usPerMs;sendKeepalive(turn)}function runTimers(turn){
sendDueKeepalive(turn);sendDueProbes(turn);askForDrain(turn);if(turn.state.peer!==void 0)requestMissing(turn,turn.state.
peer)}function receiveHeldStatus(turn,requestId){const{peer}=turn.state;if(peer===void 0)return;const held=acceptPersistedGeneration(
turn,peer,requestId);if(held!==void 0)receivePacket(turn,peer,held)}var hopsMax=1e3;function stepEngine(engine,first,nowUs){const effects=[];if(first.to==="node"&&hasSlept(engine.transport,
nowUs)){effects.push(...stepEngine(engine,{to:"transport",event:{type:"timer",nowUs}},nowUs))}const queue=[first];for(let hop=0;queue.
length>0;hop++){assert(hop<hopsMax,"the machines stop talking to each other");const next2=queue.shift();if(next2.to==="t\
ransport")fromTransport(step2(engine.transport,next2.event),queue,effects);else fromNode(stepNode(engine.node,next2.event),
queue,effects,nowUs)}return effects}function engineDeadline(engine){const transport=transportDeadline(engine.transport);
const node=nodeDeadline(engine.node);if(transport===void 0||node===void 0)return transport??node;return Math.min(transport,
node)}function stepTimers(engine,nowUs){const effects=[];const transport=transportDeadline(engine.transport);if(transport!==void 0&&
transport<=nowUs){effects.push(...stepEngine(engine,{to:"transport",event:{type:"timer",nowUs}},nowUs))}const node=nodeDeadline(
engine.node);if(node!==void 0&&node<=nowUs)effects.push(...stepEngine(engine,{to:"node",event:{type:"timer",nowUs}},nowUs));
return effects}function fromTransport(produced,queue,effects){for(const effect of produced){if(effect.type==="toNode")queue.
push({to:"node",event:effect.event});else effects.push(effect)}}function fromNode(produced,queue,effects,nowUs){for(const effect of produced){
if(effect.type==="send"){const dest=effect.dest===void 0?{}:{dest:effect.dest};queue.push({to:"transport",event:{type:"s\
end",nowUs,message:effect.message,...dest}})}else if(effect.type==="advertise"){const{status,deadtimeMs,fields,immediately}=effect;
queue.push({to:"transport",event:{type:"advertise",nowUs,status,deadtimeMs,fields,immediately}})}else effects.push(effect)}}export{createNode,createTransport,engineDeadline,stepEngine,stepTimers};
