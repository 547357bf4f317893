import { Module } from '@nestjs/common';
import { PersonResolver } from './person.resolver.js';
import { PersonService } from './person.service.js';
import { PeopleTools } from './people.tools.js';

@Module({ providers: [PeopleTools, PersonService, PersonResolver], exports: [PersonService] })
export class PeopleModule {}
