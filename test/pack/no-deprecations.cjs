// In the place of `depd`: nobody can act on what the packages inside a bundle say of each other, and it reads a stack for
// each of their functions.
module.exports = () => Object.assign(() => {}, { function: (deprecated) => deprecated, property() {} });
