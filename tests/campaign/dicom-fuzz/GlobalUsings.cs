global using System.Text;
global using Aegis.Tests.Studies.Content;
