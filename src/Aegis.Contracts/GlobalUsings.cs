global using Aegis.Kernel.Events;
