/** Sorts and filters the tables of findings. Without it the page says the same. */
export const script = `
(()=>{'use strict';
document.documentElement.classList.add('scripted');
for(const details of document.querySelectorAll('details'))addEventListener('beforeprint',()=>{details.open=true});
for(const card of document.querySelectorAll('[data-findings]')){
const body=card.querySelector('tbody'),rows=[...body.rows],shown=card.querySelector('[data-shown]');
const search=card.querySelector('input[type=search]'),least=card.querySelector('select');
const boxes=[...card.querySelectorAll('input[type=checkbox]')];
const filter=()=>{const words=search.value.toLowerCase().split(/\\s+/).filter(Boolean);let count=0;
for(const row of rows){const text=row.textContent.toLowerCase();
row.hidden=!(words.every(word=>text.includes(word))&&Number(row.dataset.rank)<=Number(least.value)&&boxes.every(box=>!box.checked||row.dataset[box.name]==='yes'));
if(!row.hidden)count++}
shown.textContent=count===rows.length?'':count+' of '+rows.length+' shown'};
for(const control of [search,least,...boxes])control.addEventListener('input',filter);
const heads=[...card.querySelectorAll('thead th')];
heads.forEach((head,column)=>{const button=head.querySelector('button');if(!button)return;
button.addEventListener('click',()=>{const down=head.getAttribute('aria-sort')==='ascending';
for(const other of heads)other.removeAttribute('aria-sort');head.setAttribute('aria-sort',down?'descending':'ascending');
const key=row=>{const cell=row.cells[column];const value=cell.dataset.value??cell.textContent;return value===''?null:isNaN(value)?value:Number(value)};
rows.sort((a,b)=>{const x=key(a),y=key(b);if(x===y)return 0;if(x===null)return 1;if(y===null)return -1;
const order=typeof x===typeof y?(x<y?-1:1):typeof x==='number'?-1:1;return down?-order:order});
body.append(...rows)})});
}})();
`
