/** The argument parser: a part of the program that is built, not a package that is installed with it. */
export { Argument, Command, InvalidArgumentError, Option } from 'commander';
