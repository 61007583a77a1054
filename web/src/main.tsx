import { render } from 'preact';
import './styles/base.css';
import './styles/tables.css';
import './styles/parts.css';
import './styles/layers.css';
import './styles/shell.css';
import './styles/phone.css';
import { App } from './shell/app';

const root = document.getElementById('console');
if (root) render(<App />, root);
