import './fetch-visit-example.js';
