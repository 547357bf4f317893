import { Module } from '@nestjs/common';
import { CompaniesController } from './companies.controller.js';
import { CompanyResolver } from './company.resolver.js';
import { CompanyService } from './company.service.js';

@Module({ providers: [CompaniesController, CompanyService, CompanyResolver], exports: [CompanyService] })
export class CompaniesModule {}
