import { Module } from '@nestjs/common';
import { PeopleController } from './people.controller.js';
import { PersonResolver } from './person.resolver.js';
import { PersonService } from './person.service.js';
import { PeopleTools } from './people.tools.js';

@Module({ providers: [PeopleTools, PeopleController, PersonService, PersonResolver], exports: [PersonService] })
export class PeopleModule {}
